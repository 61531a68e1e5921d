/*
 * greeter.h - what the login commands ask of the greeter.
 */
#ifndef WORKER_GREETER_H
#define WORKER_GREETER_H

#include "worker/session.h"

/*
 * Ask the monitor whether this account may log in without TLS.  False when
 * not, and when the session is over (s->over).
 */
bool greeter_allows_cleartext(struct session *s, const char *user);

/*
 * Ask the monitor whether the password is right and answer the client: 530,
 * 421, or, when it is, hand the connection over and end this process's part.
 * Overwrites the password.
 */
void greeter_authenticate(struct session *s, char *password);

#endif
