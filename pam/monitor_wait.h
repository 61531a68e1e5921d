/*
 * monitor_wait.h - waits inside a login, for the client or a RADIUS server.
 *
 * Meanwhile all other events are handled as usual.  The message of the login
 * stays in m->inbox: others are received into an inbox of their own.
 */
#ifndef PAM_MONITOR_WAIT_H
#define PAM_MONITOR_WAIT_H

#include "common/base.h"

/* conversation_client.ask, with the monitor as its context: send this question
 * to the client, and wait for the answer. */
int monitor_wait_answer(void *context, const char *text, char *answer,
	size_t size);

/* radius_patience.wait, with the monitor as its context. */
int monitor_wait_radius(void *context, int fd);

#endif
