/*
 * remote.h - the authority in production: questions to the monitor, over the
 * session's channel.
 */
#ifndef WORKER_REMOTE_H
#define WORKER_REMOTE_H

#include "common/base.h"
#include "worker/session.h"

/* Let s->authority ask the monitor. */
void remote_init(struct session *s);

/* Wait for the monitor's next message, other than "end_session", until the
 * deadline of the login, unless the client hangs up.  False when the session is
 * over instead. */
bool remote_receive(struct session *s, struct message *m) MUST_CHECK;

#endif
