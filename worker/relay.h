/*
 * relay.h - the greeter of a TLS session after login.  The TLS connection
 * cannot be moved to another process, so the relay passes the bytes of the
 * control connection between TLS and a socket pair, and does nothing else.
 */
#ifndef WORKER_RELAY_H
#define WORKER_RELAY_H

#include "common/base.h"
#include "common/process/channel.h"
#include "worker/stream.h"

/*
 * Send the tickets that a client gets after login (TLS 1.3), then relay until
 * either side ends, and exit.  `client` is the control connection; `session`
 * the non-blocking socket whose other end the session has; on `channel` the
 * session requests tickets, the end of TLS, and what has arrived.
 */
void relay_run(struct stream *client, int session, struct channel *channel)
	NORETURN;

#endif
