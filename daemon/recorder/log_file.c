/*
 * log_file.c - a log file that survives rotation and full disks.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_file.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

#include <fcntl.h>
#include <sys/stat.h>

#define CHECK_SECONDS 1

/* Root opens log files in directories that the recorder's account may own: a
 * hard link to another file must not be used as a log.  A group that the file
 * was given, such as adm, can go on reading it. */
static int
check_and_own(int fd, const struct role_account *owner, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (!S_ISREG(st->st_mode))
		return -EINVAL;
	if (st->st_nlink != 1)
		return -EMLINK;
	if (owner != NULL && st->st_uid != owner->uid &&
	    fchown(fd, owner->uid, st->st_gid == 0 ? owner->gid :
	    (gid_t)-1) < 0)
		return -errno;
	return 0;
}

/* The descriptor, or -errno. */
static int
open_checked(const char *path, const struct role_account *owner,
	struct stat *st)
{
	/* O_NONBLOCK: a named pipe must not block the recorder. */
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
		O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

	if (fd < 0)
		return -errno;
	int error = check_and_own(fd, owner, st);
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

/* If the path cannot be opened, the open file is kept. */
static void
reopen(struct log_file *f, const struct role_account *owner)
{
	struct stat st;
	int fd = open_checked(f->path, owner, &st);

	if (fd == -EACCES && f->fd >= 0 && f->root_opens) {
		f->needs_root = true;
		return;
	}
	if (fd < 0) {
		if (!f->open_failed)
			log_error("log file %s: %s", f->path, log_errno(fd));
		f->open_failed = true;
		return;
	}
	if (f->open_failed)
		log_info("log file %s: reopened", f->path);
	io_close(&f->fd);
	f->fd = fd;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	f->open_failed = false;
	f->torn = false;
}

void
log_file_open(struct log_file *f, const char *path,
	const struct role_account *owner)
{
	*f = (struct log_file){ .path = path, .fd = -1 };
	if (*path == '\0')
		return;
	reopen(f, owner);
	f->root_opens = owner != NULL;
	f->next_check = clock_after(CHECK_SECONDS);
}

static void
check_rotation(struct log_file *f)
{
	struct stat st;

	if (!clock_passed(f->next_check))
		return;
	f->next_check = clock_after(CHECK_SECONDS);
	if (f->fd >= 0 &&
	    fstatat(AT_FDCWD, f->path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_dev == f->device && st.st_ino == f->inode)
		return;
	reopen(f, NULL);
}

/* Remove the last `len` bytes, unless somebody has appended others: the part
 * of a line would be none of the format.  0 or -errno. */
static int
take_back(const struct log_file *f, off_t len)
{
	off_t end = lseek(f->fd, 0, SEEK_CUR);
	struct stat st;

	if (end < len || fstat(f->fd, &st) < 0 || st.st_size != end)
		return -EINVAL;
	return ftruncate(f->fd, end - len) < 0 ? -errno : 0;
}

/* 0 or -errno; a partial write is a failure as well. */
static int
append(struct log_file *f, const char *data, size_t len)
{
	ssize_t n;

	if (f->fd < 0)
		return -EBADF;
	do {
		n = write(f->fd, data, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	f->torn = (size_t)n < len && take_back(f, n) < 0;
	return (size_t)n < len ? -ENOSPC : 0;
}

void
log_file_write(struct log_file *f, const struct buffer *line)
{
	int error = 0;

	check_rotation(f);
	if (f->torn)
		error = append(f, "\n", 1);
	if (error == 0)
		error = append(f, line->data, line->len);
	if (error < 0) {
		if (f->lost++ == 0 && f->fd >= 0)
			log_error("log file %s: %s; losing lines",
				f->path, log_errno(error));
		return;
	}
	if (f->lost > 0)
		log_warning("log file %s: lost %" PRIu64 " lines",
			f->path, f->lost);
	f->lost = 0;
}

void
log_file_close(struct log_file *f)
{
	io_close(&f->fd);
}
