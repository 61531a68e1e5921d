/*
 * access.h - checks who may use the control socket: root, admin_users, and
 * members of admin_groups.
 */
#ifndef DAEMON_CONTROL_ACCESS_H
#define DAEMON_CONTROL_ACCESS_H

#include "common/base.h"
#include "daemon/configuration.h"

/* Are there administrators other than root? */
bool access_is_shared(const struct server_settings *s);

/*
 * May the program at the other end of this socket administer the server?
 * Decided by its user and groups at the time of the connect, as reported by the
 * kernel.  Names are those of /etc/passwd and /etc/group (common/names.h), or
 * numbers; the name service is not used, because it may be slow.
 */
bool access_allows(const struct configuration *configuration, int fd,
	uid_t *uid);

#endif
