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
};

/* Parse HOST, HOST:PORT, ADDRESS or [ADDRESS]:PORT; `port` is used if there is
 * none.  0 or -EINVAL. */
int radius_server_name_parse(struct radius_server_name *s, const char *text,
	size_t len, uint16_t port) MUST_CHECK;

#endif
