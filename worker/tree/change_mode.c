/*
 * change_mode.c - changes the mode of a target.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/change_mode.h"

#include "worker/reason.h"
#include "worker/tree/links.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifndef SYS_fchmodat2	/* the number is the same on every processor */
#define SYS_fchmodat2 452
#endif

static int
result(int r)
{
	return r < 0 ? -errno : 0;
}

/* fchmodat2(), since Linux 6.6, needs no read permission; false if the kernel
 * does not have it. */
static bool
change_opened(int fd, mode_t mode, int *error)
{
	*error = result((int)syscall(SYS_fchmodat2, fd, "", mode,
		AT_EMPTY_PATH));
	return *error != -ENOSYS && *error != -EPERM;
}

/* Only on a directory, through a descriptor, so that it cannot be replaced
 * meanwhile. */
static int
change_special(struct resolver *r, const struct target *at, mode_t mode)
{
	int dir, error;

	if (mode & S_ISUID)
		return -REASON_MODE;
	dir = target_open(r, at->dir, at->name, O_PATH | O_DIRECTORY, 0);
	if (dir >= 0 && change_opened(dir, mode, &error)) {
		close(dir);
		return error;
	}
	if (dir >= 0)
		close(dir);
	dir = target_open(r, at->dir, at->name, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return dir == -ENOTDIR ? -REASON_MODE : dir;
	error = result(fchmod(dir, mode));
	close(dir);
	return error;
}

/* Also of a directory that the account may enter, but not read. */
static int
change_directory(struct resolver *r, const struct target *at, mode_t mode)
{
	int dir = target_open(r, at->dir, at->name, O_PATH | O_DIRECTORY, 0);

	if (dir < 0)
		return dir;
	int error = result(fchmodat(dir, ".", mode, 0));
	close(dir);
	return error;
}

/* What its owner has no rights to cannot be opened for that.  In a jail it need
 * not be: a link that replaces it meanwhile would lead to something inside. */
static int
change_closed(struct resolver *r, const struct target *at, mode_t mode)
{
	struct stat st;
	int fd = target_open(r, at->dir, at->name, O_PATH, 0);

	if (fd < 0)
		return fd;
	bool is_link = fstat(fd, &st) < 0 || S_ISLNK(st.st_mode);
	close(fd);
	if (is_link || !links_is_inside(at->dir, "/"))
		return -EACCES;
	return result(fchmodat(at->dir, at->name, mode, 0));
}

/* Do not follow symbolic links.  Before Linux 6.6 there is no system call for
 * that: open it instead. */
static int
change_itself(struct resolver *r, const struct target *at, mode_t mode)
{
	int fd, error;

	if (syscall(SYS_fchmodat2, at->dir, at->name, mode,
		AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno != ENOSYS && errno != EPERM)
		return -errno;
	fd = target_open(r, at->dir, at->name, O_RDONLY, 0);
	if (fd == -EACCES)
		fd = target_open(r, at->dir, at->name, O_WRONLY, 0);
	error = fd == -EISDIR ? change_directory(r, at, mode) : fd;
	if (error == -EACCES && r->names_links)
		return change_closed(r, at, mode);
	if (fd < 0)
		return error;
	error = result(fchmod(fd, mode));
	close(fd);
	return error;
}

int
change_mode(struct resolver *r, const struct target *at, mode_t mode,
	bool special)
{
	if ((mode & 07000) && !special)
		return change_special(r, at, mode);
	if (r->careful)
		return change_itself(r, at, mode);
	return result(fchmodat(at->dir, at->name, mode, 0));
}
