/*
 * cancel_login.h - cancels a login that waits for ACCT.
 */
#ifndef WORKER_CANCEL_LOGIN_H
#define WORKER_CANCEL_LOGIN_H

#include "common/base.h"
#include "worker/session.h"

/* Cancel a login that waits for ACCT, which counts as a failed login; the
 * client gets a reply only if it was the last one.  False when the session has
 * ended. */
bool cancel_login(struct session *s) MUST_CHECK;

#endif
