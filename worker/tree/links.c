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

/* Open one component, which is not the last. */
static int
step(int dir, const char *name, size_t len)
{
	BUFFER(component, NAME_MAX + 1);

	buffer_add(&component, name, len);
	if (component.overflow)
		return -ENAMETOOLONG;
	int fd = openat(dir, buffer_text(&component), O_PATH | O_DIRECTORY |
		O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
open_last(int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, *name != '\0' ? name : ".", flags | O_NOFOLLOW,
		mode);

	return fd < 0 ? -errno : fd;
}

int
links_open_without(int dir, const char *name, int flags, mode_t mode)
{
	int at = dir, fd;

	if (*name == '\0')
		return -ENOENT;
	if (*name == '/') {
		at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		name += strspn(name, "/");
	}
	for (;;) {
		size_t len = strcspn(name, "/");
		size_t next = len + strspn(name + len, "/");

		if (at < 0 && at != AT_FDCWD)
			return at;
		/* A slash at the end is part of the last component. */
		fd = name[next] == '\0' ? open_last(at, name, flags, mode) :
			step(at, name, len);
		if (at != dir)
			close(at);
		if (name[next] == '\0')
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
