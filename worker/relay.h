/*
 * relay.h - what the greeter of a TLS session becomes after login: the TLS
 * connection cannot move to another process, so the relay passes the control
 * connection's bytes between TLS and a socket pair, and nothing else.
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
