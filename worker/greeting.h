/*
 * greeting.h - the session before login.
 */
#ifndef WORKER_GREETING_H
#define WORKER_GREETING_H

#include "common/base.h"
#include "worker/session.h"

/*
 * Greet the client, or refuse it as its verdict says, and serve it until it
 * has logged in or the session is over.  True after a login: *m is the
 * "granted" or "granted_tls" of the authority.  It carries passwords, so it
 * stands in secret memory.
 */
bool greeting_run(struct session *s, struct message *m) MUST_CHECK;

#endif
