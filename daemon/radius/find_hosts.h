/*
 * find_hosts.h - looks up the host names of RADIUS servers.
 */
#ifndef DAEMON_RADIUS_FIND_HOSTS_H
#define DAEMON_RADIUS_FIND_HOSTS_H

#include "common/address.h"
#include "common/base.h"

/*
 * Look up these names in a child process that has no rights, because the
 * modules of the name service read data from the network.  addresses[i] is
 * empty if hosts[i] was not found; numeric addresses need no child.  Waits at
 * most half a minute.
 */
void radius_find_hosts(const char *const *hosts, size_t count,
	struct address *addresses);

#endif
