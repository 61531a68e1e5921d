/*
 * enter.c - becomes the user, in the user's jail and directory.
 *
 * Runs in: session, before it talks to any peer.
 * Never: follows a path that a user can change with root's rights (rule R10).
 */
#include "common/base.h"

#include "worker/enter.h"

#include "common/log/log.h"
#include "common/process/role.h"
#include "common/settings/settings.h"

#include <fcntl.h>
#include <sys/syscall.h>

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

/* Paths in the log are to be those of the host, as the kernel resolved them;
 * once the jail has closed, nothing can name them. */
static void
name_jail(const char *configured)
{
	char path[PATH_MAX];
	bool named = syscall(SYS_getcwd, path, sizeof(path)) > 0 &&
		*path == '/';

	if (named && strcmp(path, "/") == 0)
		return;
	log_set_root(named ? path : configured);
}

/* The account must be able to enter it; root's chroot() does not check that. */
static int
open_jail(const struct identity *identity)
{
	int fd = open_directory(identity->jail);

	if (fd < 0)
		return fd;
	if (fchdir(fd) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	name_jail(identity->jail);
	return fd;
}

static int
start_in(const struct identity *identity)
{
	int error = enter_directory(open_directory(identity->start));

	if (error != 0 && identity->settings->allow_missing_home)
		error = enter_directory(open_directory("/"));
	return error;
}

/* What the kernel, or memory, has against the jail; its descriptor is closed by
 * role_enter(). */
static int
enter_jail(const struct identity *identity, struct rules *rules)
{
	struct identity inside = *identity;
	int error;

	inside.root = open_jail(identity);
	error = inside.root < 0 ? inside.root :
		rules_open(rules, identity, inside.root);
	if (error == 0)
		inside.permissions = rules->base;
	role_enter(ROLE_SESSION, &inside);
	return error;
}

int
enter_place(const struct identity *identity, struct rules *rules,
	enum entry_place *place)
{
	int error;

	*place = ENTRY_JAIL;
	rules_open_trusted(identity);
	role_use_files_as(identity);
	if (identity->jail[0] != '\0') {
		error = enter_jail(identity, rules);
	} else {
		error = rules_open(rules, identity, -1);
		role_enter(ROLE_SESSION, identity);
	}
	/* Some may be outside the jail. */
	rules_opened(identity);
	if (error < 0)
		return -error;
	*place = strcmp(identity->start, identity->client_home) == 0 ?
		ENTRY_HOME : ENTRY_START;
	/* File systems of users' own (FUSE) look at all of a process's ids, and
	 * in a jail it is the jail that resolves the name: so only now. */
	return start_in(identity);
}
