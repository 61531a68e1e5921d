/*
 * handover.h - hands the session over from the greeter to the session process,
 * in one message: the parameters that the client has set, the bytes that it
 * sent after PASS, and the state of TLS.
 */
#ifndef WORKER_HANDOVER_H
#define WORKER_HANDOVER_H

#include "common/base.h"
#include "worker/session.h"

/* In the greeter: send the message; from now on the session process serves the
 * client.  0 or -errno. */
int handover_send(struct session *s, struct channel *session) MUST_CHECK;

/* In the session process, which has the socket: continue from the message. 0,
 * or -EMSGSIZE for more bytes than a greeter can have read. */
int handover_take(struct session *s, const struct message_handover *h)
	MUST_CHECK;

#endif
