/*
 * files.c - the only place where the session opens a file's content.
 *
 * Runs in: session.
 * Never: waits for the other end of a FIFO, follows the magic links of /proc,
 * or tells where in memory this program is.
 */
#include "common/base.h"

#include "worker/tree/files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

static int
open_path(const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		.mode = mode,
		.resolve = RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = openat(AT_FDCWD, path, (int)how.flags, mode);
	return fd < 0 ? -errno : (int)fd;
}

/* What /proc has looks like plain files.  The process may read its own maps,
 * and root's processes were forked from the same memory and lie alike. */
static bool
is_process_data(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC;
}

/* A directory, device, FIFO or socket has no content to transfer. */
static int
plain_only(int fd, struct stat *st)
{
	int error = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, st) < 0)
		error = errno;
	else if (S_ISDIR(st->st_mode))
		error = EISDIR;
	else if (!S_ISREG(st->st_mode))
		error = EINVAL;
	else if (is_process_data(fd))
		error = EACCES;
	if (error == 0)
		return fd;
	close(fd);
	return -error;
}

int
files_open_read(const char *path, struct stat *st)
{
	return plain_only(open_path(path, O_RDONLY, 0), st);
}

int
files_open_existing(const char *path, struct stat *st)
{
	return plain_only(open_path(path, O_WRONLY, 0), st);
}

int
files_create(const char *path, bool unique)
{
	struct stat st;
	int flags = O_WRONLY | O_CREAT | (unique ? O_EXCL : 0);

	return plain_only(open_path(path, flags, 0666), &st);
}

void
files_remove_if_same(const char *path, int fd)
{
	struct stat here, opened;

	if (fstat(fd, &opened) < 0 || lstat(path, &here) < 0)
		return;
	if (here.st_dev == opened.st_dev && here.st_ino == opened.st_ino)
		(void)unlink(path);
}
