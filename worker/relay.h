/*
 * relay.h - what the greeter of a TLS session becomes after login: the control
 * connection's TLS cannot change its process, so its few bytes pass through
 * here, between TLS and a socket pair, and nothing else does.
 */
#ifndef WORKER_RELAY_H
#define WORKER_RELAY_H

#include "common/base.h"
#include "common/process/channel.h"
#include "worker/stream.h"

/*
 * Send the client the tickets that it gets after login (TLS 1.3), then relay
 * until either side ends, and end the process.  `client` is the control
 * connection; `session` the non-blocking socket whose other end the session
 * has; `channel` the way on which the session asks for tickets and for the
 * end of TLS.
 */
void relay_run(struct stream *client, int session, struct channel *channel)
	NORETURN;

#endif
