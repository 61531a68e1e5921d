/*
 * user_namespace.c - enters a user namespace (user_namespaces(7)).
 *
 * Runs in: the master of sureftpd --share, before it does anything else.
 */
#include "common/base.h"
#include "common/process/user_namespace.h"

#include <fcntl.h>
#include <sched.h>

static int
write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = (ssize_t)strlen(line);

	if (fd < 0)
		return -errno;
	int error = write(fd, line, (size_t)len) == len ? 0 : -errno;
	close(fd);
	return error;
}

/* The same number inside and outside. */
static int
map_id(const char *path, unsigned id)
{
	char line[64];

	(void)!snprintf(line, sizeof(line), "%u %u 1\n", id, id);
	return write_line(path, line);
}

int
user_namespace_enter(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	/* Without this, the kernel does not let users map groups. */
	int error = write_line("/proc/self/setgroups", "deny\n");
	if (error == 0)
		error = map_id("/proc/self/uid_map", uid);
	return error == 0 ? map_id("/proc/self/gid_map", gid) : error;
}
