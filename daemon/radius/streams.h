/*
 * streams.h - the streams (stream.h) to all servers of a list.
 */
#ifndef DAEMON_RADIUS_STREAMS_H
#define DAEMON_RADIUS_STREAMS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/radius/servers.h"

#include <poll.h>

/* Create the streams to the servers that are asked over TLS: read the
 * certificates and the key, as root.  0, or -errno after the reason was
 * logged. */
int radius_streams_open(const struct server_settings *s,
	struct radius_servers *servers, struct radius_servers *accounting)
	MUST_CHECK;

/* Can the files for TLS be used?  For --check, as root; complains if not. */
bool radius_streams_check(const struct server_settings *s,
	settings_complaint *complain, void *context);

/* What to wait for, in fds[servers->count], and until when.  Returns the
 * count. */
size_t radius_streams_watch(const struct radius_servers *servers,
	struct pollfd *fds);
int64_t radius_streams_due(const struct radius_servers *servers);

/* After poll() with fds. */
void radius_streams_step(const struct radius_servers *servers,
	const struct pollfd *fds, int64_t now);

/* Close all of them. */
void radius_streams_end(const struct radius_servers *servers);

#endif
