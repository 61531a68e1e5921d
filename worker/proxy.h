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

#define PROXY_MS       5000	/* for the whole header to arrive */
#define PROXY_LINE_MAX 107	/* version 1, with its CR LF */
#define PROXY_BODY_MAX 2048	/* version 2, addresses and extensions */

/* Both parsers: 1 and the client's address; 0 when the header says that there
 * is none (UNKNOWN, LOCAL, UNSPEC: the proxy's own connection); -EBADMSG. */

/* A line of version 1, with its CR LF. */
int proxy_parse_line(const char *line, size_t len, struct address *peer)
	MUST_CHECK;

/* The 16 bytes that version 2 begins with; also sets the length of the body. */
#define PROXY_HEAD_SIZE 16
int proxy_parse_head(const uint8_t *head, size_t *body) MUST_CHECK;

/* And its body. */
int proxy_parse_body(const uint8_t *head, const uint8_t *body, size_t len,
	struct address *peer) MUST_CHECK;

/* Wait until fd can be read, or the deadline has passed: 0 or -errno. */
typedef int proxy_wait(void *context, int fd, int64_t deadline);

/*
 * Read the header, and not a byte more, from a non-blocking socket.  Results as
 * above; also -ETIMEDOUT, -EPIPE at the end of the stream, an error of `wait`,
 * or another -errno.
 */
int proxy_receive(int fd, proxy_wait *wait, void *context, int64_t deadline,
	struct address *peer) MUST_CHECK;

#endif
