/*
 * target.c - resolves names.
 *
 * Runs in: session.  Never: resolves a path as text.
 */
#include "common/base.h"

#include "worker/tree/target.h"

#include "common/settings/settings.h"
#include "common/text.h"
#include "worker/reason.h"
#include "worker/tree/links.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#define LINKS_MAX 40	/* as many as the kernel follows */

static int
call_openat2(int dir, const char *name, int flags, mode_t mode,
	uint64_t resolve)
{
	struct open_how how = {
		.flags = (unsigned)flags,
		.mode = mode,
		.resolve = resolve,
	};
	long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Old kernels do not have openat2(), and the system call filters of old
 * container runtimes return EPERM for unknown calls.  EPERM is also returned
 * for writing to an immutable file; then openat2() works with another one. */
static bool
is_missing(int error)
{
	if (error == -EPERM) {
		error = call_openat2(AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0,
			RESOLVE_NO_MAGICLINKS);
		if (error >= 0)
			close(error);
	}
	return error == -ENOSYS || error == -EPERM;
}

static int
open_at(struct resolver *r, int dir, const char *name, int flags, mode_t mode,
	bool links)
{
	int fd;

	flags |= O_CLOEXEC;
	if (!(flags & O_PATH))
		flags |= O_NOCTTY | O_NONBLOCK;
	if (!r->no_openat2) {
		fd = call_openat2(dir, name, flags, mode, links ?
			RESOLVE_NO_MAGICLINKS : RESOLVE_NO_SYMLINKS);
		if ((fd != -ENOSYS && fd != -EPERM) || !is_missing(fd))
			return fd;
		r->no_openat2 = true;
	}
	if (!links)
		return links_open_without(dir, name, flags, mode);
	fd = openat(dir, name, flags, mode);
	return fd < 0 ? -errno : fd;
}

/* Open a directory; the setting symlinks determines which links are
 * followed. */
static int
open_directory_at(struct resolver *r, int dir, const char *name, int flags)
{
	int fd;

	flags |= O_DIRECTORY;
	if (r->links == SYMLINKS_FOLLOW)
		return open_at(r, dir, name, flags, 0, true);
	fd = open_at(r, dir, name, flags, 0, false);
	if (fd != -ELOOP)
		return fd;
	if (r->links == SYMLINKS_DENY)
		return -REASON_LINK;
	fd = open_at(r, dir, name, flags, 0, true);
	if (fd < 0 || links_is_inside(fd, r->home))
		return fd;
	close(fd);
	return -REASON_LINK;
}

int
target_open(struct resolver *r, int dir, const char *name, int flags,
	mode_t mode)
{
	return open_at(r, dir, name, flags | (r->careful ? O_NOFOLLOW : 0),
		mode, true);
}

static bool
may_be_home(const char *path)
{
	return path[0] == '~' && (path[1] == '/' || path[1] == '\0');
}

/* In a jail, another process may move the working directory out of it; from
 * there ".." would lead up to the host's root. */
static int
check_inside(const struct resolver *r, const char *path)
{
	char text[PATH_MAX];

	if (!r->jailed || *path == '/')
		return 0;
	if (syscall(SYS_getcwd, text, sizeof(text)) > 0)
		return *text == '/' ? 0 : -ENOENT;
	/* It was removed, or its path is too long. */
	return errno == ENOENT || links_is_inside(AT_FDCWD, "/") ? 0 : -ENOENT;
}

/* The kernel stays below the working directory, or the root, by itself. */
static int
open_beneath(const struct resolver *r, const char *path, int flags)
{
	int top = AT_FDCWD;

	if (*path == '/') {
		top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		path += strspn(path, "/");
		if (top < 0)
			return -errno;
	}
	int fd = call_openat2(top, *path != '\0' ? path : ".", flags |
		O_DIRECTORY | O_CLOEXEC | (flags & O_PATH ? 0 : O_NONBLOCK), 0,
		RESOLVE_BENEATH | (r->links == SYMLINKS_FOLLOW ?
			RESOLVE_NO_MAGICLINKS : RESOLVE_NO_SYMLINKS));
	if (top != AT_FDCWD)
		close(top);
	return fd;
}

/* Even if a directory is moved since that check, or while the kernel walks
 * along ".." and links: what was not opened below the working directory or the
 * root is only used if it is seen to be below the root. */
static int
open_inside(struct resolver *r, const char *path, int flags)
{
	int fd = r->jailed && !r->no_openat2 ? open_beneath(r, path, flags) :
		-EXDEV;

	if (fd >= 0)
		return fd;
	fd = open_directory_at(r, AT_FDCWD, path, flags);
	if (fd < 0 || !r->jailed || links_is_inside(fd, "/"))
		return fd;
	close(fd);
	return -ENOENT;
}

int
target_open_directory(struct resolver *r, const char *path, int flags)
{
	BUFFER(home, 2 * PATH_MAX);
	int fd = check_inside(r, path);

	if (fd < 0)
		return fd;
	fd = open_inside(r, path, flags);
	if (fd != -ENOENT || !may_be_home(path))
		return fd;
	buffer_addf(&home, "%s%s", target_home(r), path + 1);
	return open_inside(r, buffer_text(&home), flags);
}

/* A slash at the end is part of it: the kernel then requires a directory. */
static const char *
last_component(const char *path)
{
	const char *at = path + strlen(path);

	while (at > path && at[-1] == '/')
		at--;
	if (at == path)		/* the root directory */
		return path;
	while (at > path && at[-1] != '/')
		at--;
	return at;
}

int
target_resolve(struct resolver *r, struct target *at, const char *path)
{
	BUFFER(dir, PATH_MAX);

	*at = (struct target){
		.path = path,
		.dir = AT_FDCWD,
		.name = last_component(path),
	};
	if (at->name == path)
		return check_inside(r, path);
	buffer_add(&dir, path, (size_t)(at->name - path));
	if (dir.overflow)
		at->dir = -ENAMETOOLONG;
	else
		at->dir = target_open_directory(r, buffer_text(&dir), O_PATH);
	if (at->dir >= 0)
		return 0;
	int error = at->dir;
	at->dir = -1;
	return error;
}

void
target_close(struct target *at)
{
	if (at->link != NULL && at->link_dir >= 0 && at->link_dir != at->dir)
		close(at->link_dir);
	at->link = NULL;
	if (at->dir >= 0)
		close(at->dir);
	if (at->has_place)
		close(at->place);
	free(at->followed);
	at->followed = NULL;
	at->has_place = false;
	at->dir = -1;
}

static void
move_to(struct target *at, int dir)
{
	if (at->dir >= 0 && (at->link == NULL || at->dir != at->link_dir))
		close(at->dir);
	at->dir = dir;
}

bool
target_names_directory(const char *name)
{
	size_t len = strlen(name);

	return name[0] == '/' || (len > 0 && name[len - 1] == '/') ||
		text_is_dots(name, len);
}

static int
enter_itself(struct resolver *r, struct target *at)
{
	int dir = open_directory_at(r, at->dir, at->name, O_PATH);
	int place;

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	place = open_at(r, dir, "..", O_PATH | O_DIRECTORY, 0, true);
	if (place >= 0 && r->jailed && strcmp(at->name, ".") != 0 &&
	    !links_is_inside(dir, "/")) {
		close(place);
		close(dir);
		return -ENOENT;
	}
	move_to(at, dir);
	at->name = ".";
	at->has_place = place >= 0;
	at->place = place;
	return place < 0 ? place : 0;
}

/* The target of a link that ends with ".." or is "/". */
static int
enter_inside(struct resolver *r, struct target *at)
{
	int error = enter_itself(r, at);

	if (error == 0 && r->links == SYMLINKS_INSIDE &&
	    at->followed != NULL && !links_is_inside(at->dir, r->home))
		return -REASON_LINK;
	return error;
}

/* The text of a link is relative to its directory. */
static int
follow_link(struct resolver *r, struct target *at, const char *text)
{
	BUFFER(dir, PATH_MAX);
	char *copy = strdup(text);

	if (copy == NULL)
		return -ENOMEM;
	const char *name = last_component(copy);
	buffer_add(&dir, copy, (size_t)(name - copy));
	int fd = dir.len == 0 ? 0 : open_at(r, at->dir, buffer_text(&dir),
		O_PATH | O_DIRECTORY, 0, true);
	if (fd < 0) {
		free(copy);
		return fd;
	}
	if (r->names_links && at->link == NULL) {
		at->link = at->name;
		at->link_dir = at->dir;
	}
	if (dir.len > 0)
		move_to(at, fd);
	if (dir.len > 0 && r->jailed && !links_is_inside(fd, "/")) {
		free(copy);
		return -ENOENT;
	}
	free(at->followed);
	at->followed = copy;
	at->name = name;
	return 0;
}

int
target_follow(struct resolver *r, struct target *at)
{
	char text[PATH_MAX];
	int error = 0;

	for (int i = 0; i < LINKS_MAX && error == 0; i++) {
		if (target_names_directory(at->name))
			return enter_inside(r, at);
		ssize_t n = readlinkat(at->dir, at->name, text,
			sizeof(text) - 1);
		if (n < 0)
			return errno == EINVAL || errno == ENOENT ? 0 : -errno;
		text[n] = '\0';
		if (r->links == SYMLINKS_DENY)
			return -REASON_LINK;
		error = follow_link(r, at, text);
		if (error == 0 && r->links == SYMLINKS_INSIDE &&
		    !links_is_inside(at->dir, r->home))
			return -REASON_LINK;
	}
	return error < 0 ? error : -ELOOP;
}
