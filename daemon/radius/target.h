/*
 * target.h - where a socket to a RADIUS server is connected to.
 */
#ifndef DAEMON_RADIUS_TARGET_H
#define DAEMON_RADIUS_TARGET_H

#include "common/address.h"
#include "common/base.h"

struct radius_target {
	const char *host;	/* a name or a numeric address */
	uint16_t port;
	bool tls;		/* by TCP; otherwise by UDP */
	bool named;		/* the host is a name, which is looked up */
	struct address address;	/* with the port; empty: not found yet */
};

#endif
