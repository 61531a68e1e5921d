/*
 * find_hosts.h - looks up the host names of RADIUS servers.
 */
#ifndef DAEMON_RADIUS_FIND_HOSTS_H
#define DAEMON_RADIUS_FIND_HOSTS_H

#include "common/base.h"
#include "daemon/radius/target.h"

/*
 * Set the addresses of these targets, by a child without rights; it is a copy
 * of this process, so no secret may have been read yet.  Those that it does not
 * find stay empty, and are logged.  It looks for them again soon, and for all
 * names every `interval` seconds: addresses that it finds or that have changed
 * come later, from the descriptor that is returned, by
 * radius_find_hosts_later().  It exits when that is closed.  -1: there are no
 * names, or it could not be started.
 */
int radius_find_hosts(struct radius_target *targets, size_t count,
	int64_t interval);

/* The descriptor is readable: set an address.  False when no more will come. */
bool radius_find_hosts_later(int fd, struct radius_target *targets,
	size_t count) MUST_CHECK;

#endif
