/*
 * handover.h - what a session brings along from the greeter to the session
 * process: the choices that the client has made, the bytes that it sent after
 * its PASS, and what is known about TLS.
 */
#ifndef WORKER_HANDOVER_H
#define WORKER_HANDOVER_H

#include "common/base.h"
#include "worker/session.h"

/* In the greeter: from here on the session process speaks with the client.
 * 0 or -errno. */
int handover_send(struct session *s, struct channel *session) MUST_CHECK;

/* In the session process, which has the socket: go on where the greeter has
 * stopped.  0, or -EMSGSIZE for more bytes than a greeter can have read. */
int handover_take(struct session *s, const struct message_handover *h)
	MUST_CHECK;

#endif
