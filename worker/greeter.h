/*
 * greeter.h - what the login commands ask of the greeter.
 */
#ifndef WORKER_GREETER_H
#define WORKER_GREETER_H

#include "worker/session.h"

/* What a conversation begins with: TLS where the listener says so, then the
 * 220.  When that goes wrong, the session is over. */
void greeter_welcome(struct session *s);

#endif
