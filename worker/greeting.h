/*
 * greeting.h - the session before login.
 */
#ifndef WORKER_GREETING_H
#define WORKER_GREETING_H

#include "common/base.h"
#include "worker/session.h"

/*
 * Greet the client, or refuse it according to its verdict, and serve it until
 * it has logged in or the session has ended.  True after a login, with
 * "granted" or "granted_tls" in *m.  *m must be in secret memory, because it
 * also carries passwords.
 */
bool greeting_run(struct session *s, struct message *m) MUST_CHECK;

#endif
