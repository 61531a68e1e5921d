/*
 * enter.c - becomes the user, in the user's home directory.
 *
 * Runs in: session, before it is anybody's peer.
 * Never: follows a path that a user can change with root's rights (rule R10).
 */
#include "common/base.h"

#include "worker/enter.h"

#include "common/process/role.h"
#include "common/settings/settings.h"

#include <fcntl.h>

/* Not read: an account may lack the right to list its home directory. */
static int
open_directory(const char *path)
{
	if (*path != '/')
		return -ENOENT;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
enter_directory(int fd)
{
	int error = fd < 0 ? -fd : fchdir(fd) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

int
enter_place(const struct identity *identity)
{
	role_use_files_as(identity);
	int home = open_directory(identity->home);

	role_enter(ROLE_SESSION, identity);
	/* With nothing but the user's own rights. */
	int error = enter_directory(home);
	if (error != 0 && identity->settings->allow_missing_home)
		error = enter_directory(open_directory("/"));
	return error;
}
