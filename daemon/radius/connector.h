/*
 * connector.h - the process that makes the sockets of the process radius.
 *
 * A filter cannot check addresses.  So the process radius can neither make nor
 * connect a socket, nor send to an address: each of its sockets comes from this
 * child of its own, connected already, with a source port that the kernel has
 * just chosen.  The connector has known the addresses since its start; it is
 * told the number of one, and reads nothing from the network.
 */
#ifndef DAEMON_RADIUS_CONNECTOR_H
#define DAEMON_RADIUS_CONNECTOR_H

#include "common/address.h"
#include "common/base.h"

struct radius_target {
	struct address address;
	bool tls;		/* by TCP; otherwise by UDP */
};

/* What radius sends, and what it gets: in the same order, one for each. */
struct radius_socket_request {
	uint32_t number;	/* of the request */
	uint32_t target;
};
struct radius_socket_answer {
	uint32_t number;
	int32_t error;		/* 0: with a socket, which does not block, and
				 * may still be connecting; or -errno */
};

/* Start it, as root; no secret may have been read yet, because it is a copy of
 * this process.  The end of its socket for service_receive(), or -errno.  It
 * exits when that is closed. */
int radius_connector_start(const struct radius_target *targets, size_t count)
	MUST_CHECK;

#endif
