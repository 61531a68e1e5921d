/*
 * links.c - opens without following symbolic links, and checks where one has
 * led.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/links.h"

#include "common/buffer.h"
#include "worker/tree/rules.h"

#include <fcntl.h>
#include <sys/stat.h>

/* The kernel calls a link that should be a directory "not a directory". */
static int
refusal(int dir, const char *name, int error)
{
	struct stat st;

	return error == -ENOTDIR && fstatat(dir, name, &st,
		AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? -ELOOP :
		error;
}

/* Open one component.  Slashes after it are not part of its name, because the
 * kernel would follow a link before a slash. */
static int
step(int dir, const char *name, size_t len, int flags, mode_t mode)
{
	BUFFER(component, NAME_MAX + 1);

	buffer_add(&component, name, len);
	if (component.overflow)
		return -ENAMETOOLONG;
	int fd = openat(dir, buffer_text(&component), flags | O_NOFOLLOW |
		O_CLOEXEC, mode);
	return fd < 0 ? refusal(dir, buffer_text(&component), -errno) : fd;
}

int
links_open_without(int dir, const char *name, int flags, mode_t mode)
{
	size_t whole = strlen(name);
	int at = dir, fd;

	if (whole == 0)
		return -ENOENT;
	if (name[whole - 1] == '/') {
		if ((flags & O_CREAT) != 0)
			return -EISDIR;
		flags |= O_DIRECTORY;
	}
	if (*name == '/') {
		at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (at < 0)
			return -errno;
		name += strspn(name, "/");
		if (*name == '\0')
			name = ".";
	}
	for (;;) {
		size_t len = strcspn(name, "/");
		size_t next = len + strspn(name + len, "/");
		bool last = name[next] == '\0';

		fd = step(at, name, len, last ? flags : O_PATH | O_DIRECTORY,
			mode);
		if (at != dir)
			close(at);
		if (last || fd < 0)
			return fd;
		at = fd;
		name += next;
	}
}

bool
links_is_inside(int dir, const char *top)
{
	struct stat st;

	if (stat(top, &st) < 0)
		return false;
	return rules_is_below(dir, &st);
}
