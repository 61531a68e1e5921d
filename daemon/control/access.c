/*
 * access.c - checks who may use the control socket.
 *
 * Runs in: master.  Never: trusts data from the program; uses the name service.
 */
#include "common/base.h"
#include "daemon/control/access.h"

#include "common/text.h"

#include <sys/socket.h>

#define GROUPS_MAX 256	/* of one user; further ones are ignored */

bool
access_is_shared(const struct server_settings *s)
{
	return s->admin_users[0] != '\0' || s->admin_groups[0] != '\0';
}

static bool
has_id(const char *list, uint32_t id, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%" PRIu32, id);
	return text_list_has(list, number) ||
	    (name != NULL && text_list_has(list, name));
}

static bool
has_group(const struct configuration *c, gid_t gid)
{
	return has_id(c->settings->server.admin_groups, gid,
		names_group(c->names, gid));
}

static bool
in_groups(const struct configuration *c, int fd)
{
	gid_t groups[GROUPS_MAX];
	socklen_t size = sizeof(groups);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		return false;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++)
		if (has_group(c, groups[i]))
			return true;
	return false;
}

bool
access_allows(const struct configuration *c, int fd, uid_t *uid)
{
	struct ucred program = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t size = sizeof(program);
	bool known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &program,
		&size) == 0;

	*uid = program.uid;
	if (!known || program.uid == (uid_t)-1)
		return false;
	if (program.uid == 0)
		return true;
	return has_id(c->settings->server.admin_users, program.uid,
		names_user(c->names, program.uid)) ||
	    has_group(c, program.gid) || in_groups(c, fd);
}
