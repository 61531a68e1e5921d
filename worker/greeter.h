/*
 * greeter.h - what the login commands ask of the greeter.
 */
#ifndef WORKER_GREETER_H
#define WORKER_GREETER_H

#include "worker/session.h"

/* What a conversation begins with: TLS where the listener says so, then the
 * 220.  When that goes wrong, the session is over. */
void greeter_welcome(struct session *s);

/*
 * Ask the monitor whether this account may log in in the clear.  False when
 * not, and when the session is over (s->over).
 */
bool greeter_may_come_in_clear(struct session *s, const char *user);

/*
 * Ask the monitor whether the password is right and answer the client: 530,
 * 421, or, when it is, hand the connection over and end this process's part.
 * Overwrites the password.
 */
void greeter_authenticate(struct session *s, char *password);

#endif
