/*
 * proxy.h - the PROXY protocol, versions 1 and 2: the line or header by which a
 * load balancer names the client.
 *
 * Specification: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 */
#ifndef WORKER_PROXY_H
#define WORKER_PROXY_H

#include "common/address.h"
#include "common/base.h"

#define PROXY_MS 5000	/* for the whole header to arrive */

/* Wait until fd can be read, or the deadline has passed: 0 or -errno. */
typedef int proxy_wait(void *context, int fd, int64_t deadline);

/*
 * Read the header, and not a byte more, from a non-blocking socket.  1 with the
 * client's address in *peer; 0 if the header contains none (UNKNOWN, LOCAL,
 * UNSPEC: the proxy's own connection); -EBADMSG if it is malformed; -ETIMEDOUT;
 * -EPIPE at the end of the stream; an error of `wait`; or another -errno.
 */
int proxy_receive(int fd, proxy_wait *wait, void *context, int64_t deadline,
	struct address *peer) MUST_CHECK;

#endif
