/*
 * connector.h - the process that makes the sockets of the process radius.
 *
 * A filter cannot check addresses.  So the process radius can neither make nor
 * connect a socket, nor send to an address: each of its sockets comes from this
 * child of its own, connected already, with a source port that the kernel has
 * just chosen.  The connector knows the addresses from the settings and from
 * the process that looks up names (find_hosts.h); radius tells it the number of
 * one.  It reads nothing from the network.
 */
#ifndef DAEMON_RADIUS_CONNECTOR_H
#define DAEMON_RADIUS_CONNECTOR_H

#include "common/base.h"
#include "daemon/radius/target.h"

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
 * this process.  `later`: of radius_find_hosts().  The end of its socket for
 * service_socket_receive(), or -errno.  It exits when that is closed. */
int radius_connector_start(struct radius_target *targets, size_t count,
	int later) MUST_CHECK;

#endif
