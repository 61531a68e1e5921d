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

/* The account must be able to enter it: root's own chroot() would not ask. */
static int
enter_jail(const struct identity *identity)
{
	struct identity inside = *identity;
	int error = 0;

	inside.root = open_directory(identity->jail);
	if (inside.root < 0)
		error = -inside.root;
	else if (fchdir(inside.root) < 0)
		error = errno;
	if (error != 0 && inside.root >= 0)
		close(inside.root);
	if (error != 0)
		inside.root = -1;
	role_enter(ROLE_SESSION, &inside);
	return error != 0 ? error : enter_directory(open_directory("/"));
}

int
enter_place(const struct identity *identity)
{
	role_use_files_as(identity);
	if (identity->jail[0] != '\0')
		return enter_jail(identity);
	int home = open_directory(identity->home);

	role_enter(ROLE_SESSION, identity);
	/* With nothing but the user's own rights. */
	int error = enter_directory(home);
	if (error != 0 && identity->settings->allow_missing_home)
		error = enter_directory(open_directory("/"));
	return error;
}
