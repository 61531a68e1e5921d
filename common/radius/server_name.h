/*
 * server_name.h - a RADIUS server as it is written in the settings.
 */
#ifndef COMMON_RADIUS_SERVER_NAME_H
#define COMMON_RADIUS_SERVER_NAME_H

#include "common/base.h"

#define RADIUS_MAX_SERVERS 16	/* in one list */

struct radius_server_name {
	char host[254];		/* a name or a numeric address */
	uint16_t port;
	bool tls;		/* RADIUS over TLS (RFC 6614) */
};

#define RADIUS_TLS_SCHEME "tls://"
#define RADIUS_TLS_PORT	  2083

/* Parse HOST, HOST:PORT, ADDRESS or [ADDRESS]:PORT, optionally after
 * RADIUS_TLS_SCHEME.  If there is no port, it is `port`, or RADIUS_TLS_PORT. 0
 * or -EINVAL. */
int radius_server_name_parse(struct radius_server_name *s, const char *text,
	size_t len, uint16_t port) MUST_CHECK;

#endif
