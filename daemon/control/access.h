/*
 * access.h - who may use the control socket: root, and the members of
 * admin_users and admin_groups.
 */
#ifndef DAEMON_CONTROL_ACCESS_H
#define DAEMON_CONTROL_ACCESS_H

#include "common/base.h"
#include "daemon/configuration.h"

/* Are there any but root? */
bool access_is_shared(const struct server_settings *s);

/*
 * May the program at the other end of a connected socket administer?  What
 * counts are its user and groups when it connected, as the kernel says.  The
 * names are those of /etc/passwd and /etc/group (common/names.h) or numbers;
 * the name service is not asked, because that may take time.
 */
bool access_allows(const struct configuration *configuration, int fd,
	uid_t *uid);

#endif
