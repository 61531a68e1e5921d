/*
 * enter.c - enters the jail and the start directory, and becomes the user.
 *
 * Runs in: session, before it has the client's socket.  Never: follows a path
 * that a user can change with root's rights.
 */
#include "common/base.h"

#include "worker/enter.h"

#include "common/log/log.h"
#include "common/process/role.h"
#include "common/settings/settings.h"
#include "worker/tree/links.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

/* O_PATH: the account may not be allowed to read its home directory. */
static int
open_directory(const char *path)
{
	if (*path != '/')
		return -ENOENT;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The setting root_subdir, which has no "..": below that directory, and not
 * through symbolic links, which the account can make. */
static int
open_below(const char *path, size_t at)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			RESOLVE_NO_MAGICLINKS,
	};
	char top[PATH_MAX];

	memcpy(top, path, at);
	top[at] = '\0';
	int dir = open_directory(top);
	if (dir < 0)
		return dir;
	long fd = syscall(SYS_openat2, dir, path + at, &how, sizeof(how));
	int result = fd < 0 ? -errno : (int)fd;
	if (result == -ENOSYS || result == -EPERM)
		result = links_open_without(dir, path + at,
			O_PATH | O_DIRECTORY, 0);
	close(dir);
	return result;
}

static int
enter_directory(const char *path)
{
	int fd = open_directory(path);

	if (fd < 0)
		return fd;
	int error = fchdir(fd) < 0 ? -errno : 0;
	close(fd);
	return error;
}

/* Logs contain paths on the host, as resolved by the kernel; the jail's path
 * cannot be determined from inside. */
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
	int fd = identity->subdirectory > 0 ? open_below(identity->jail,
		identity->subdirectory) : open_directory(identity->jail);

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
	int error = enter_directory(identity->start);

	if (error < 0 && identity->settings->allow_missing_start_dir)
		error = enter_directory(identity->client_home);
	if (error < 0 && identity->settings->allow_missing_home)
		error = enter_directory("/");
	return error;
}

/* 0 or -errno, in the session's role in both cases.  role_enter() closes the
 * jail's descriptor. */
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
	/* Close them, because some may be outside the jail. */
	rules_opened(identity);
	if (error < 0)
		return error;
	*place = strcmp(identity->start, identity->client_home) == 0 ?
		ENTRY_HOME : ENTRY_START;
	/* Only now, because FUSE checks all ids of a process, and because in a
	 * jail the path must be resolved inside the jail. */
	return start_in(identity);
}
