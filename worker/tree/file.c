/*
 * file.c - the only place where the session opens a file's content.
 *
 * Runs in: session.
 * Never: shows where in memory this program is.
 */
#include "common/base.h"

#include "worker/tree/file.h"

#include "common/io.h"
#include "common/settings/settings.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/vfs.h>

static void
init(struct file *f, enum upload_kind kind)
{
	f->at = (struct target){ .path = "", .dir = -1, .name = "" };
	f->fd = -1;
	f->size = f->offset = 0;
	f->kind = kind;
}

/* File systems without locks report that with various errors. */
static int
lock(int fd, short type)
{
	struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? -EAGAIN : 0;
}

/* What /proc has looks like plain files.  The process may read and write its
 * own memory, and root's processes were forked from the same and lie alike. */
static bool
is_process_data(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC;
}

/* A directory, device, FIFO or socket has no content to transfer.  A file that
 * was removed while its lock was waited for is nobody's any more. */
static int
judge(int fd, bool writing, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode))
		return -ENXIO;
	if (is_process_data(fd))
		return -EACCES;
	return writing && st->st_nlink == 0 ? -EAGAIN : 0;
}

static int
open_plain(struct tree *t, struct file *f, int flags)
{
	bool writing = (flags & O_ACCMODE) != O_RDONLY;
	struct stat st;
	int error = 0;

	f->fd = target_open(&t->resolver, f->at.dir, f->at.name, flags,
		flags & O_CREAT ? 0666 : 0);
	if (f->fd < 0) {
		error = f->fd;
		f->fd = -1;
		return error;
	}
	if (t->settings->upload_locking)
		error = lock(f->fd, writing ? F_WRLCK : F_RDLCK);
	if (error == 0)
		error = judge(f->fd, writing, &st);
	if (error == 0)
		f->size = st.st_size;
	else
		io_close(&f->fd);
	return error;
}

/* Of what was opened, whatever its name leads to now. */
static bool
everybody_can_read(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IROTH) != 0;
}

int
file_open_download(struct tree *t, struct file *f, const char *path)
{
	int error;

	init(f, UPLOAD_STORE);
	error = tree_enter(t, &f->at, path, PERMISSION_retrieve);
	if (error == 0)
		error = open_plain(t, f, O_RDONLY);
	if (error == 0 && t->settings->world_readable_only &&
	    !everybody_can_read(f->fd)) {
		io_close(&f->fd);
		error = -EACCES;
	}
	return error;
}

/* May something be made there?  A symbolic link that leads to nothing is
 * about another directory. */
static int
check_directory(const struct target *at)
{
	struct stat st;

	if (faccessat(at->dir, ".", W_OK | X_OK, 0) == 0)
		return 0;
	int error = -errno;
	if (fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return error;
}

/* That nobody has the name is ensured when the file is made. */
static int
make_unique(struct file *f, const char *name)
{
	uint32_t number;
	int n;

	if (getrandom(&number, sizeof(number), 0) !=
		(ssize_t)sizeof(number))
		return -EIO;
	n = snprintf(f->unique, sizeof(f->unique), "%s.%08x", name, number);
	return n < 0 || (size_t)n >= sizeof(f->unique) ? -ENAMETOOLONG : 0;
}

static int
flags_of(const struct file *f)
{
	return O_WRONLY | (f->kind == UPLOAD_APPEND ? O_APPEND : 0) |
		(f->kind == UPLOAD_UNIQUE ? O_EXCL : 0);
}

int
file_prepare_upload(struct tree *t, struct file *f, const char *path,
	enum upload_kind kind)
{
	int error = 0;

	init(f, kind);
	f->at.path = path;
	if (kind == UPLOAD_UNIQUE) {
		error = make_unique(f, path);
		path = f->unique;
	}
	if (error == 0)
		error = tree_enter(t, &f->at, path, kind == UPLOAD_APPEND ?
			PERMISSION_append : PERMISSION_store);
	if (error < 0)
		return error;
	error = kind == UPLOAD_UNIQUE ? -ENOENT :
		open_plain(t, f, flags_of(f));
	return error == -ENOENT ? check_directory(&f->at) : error;
}

int
file_begin_upload(struct tree *t, struct file *f, int64_t offset)
{
	int error = 0;

	/* Another process may have made it since. */
	if (f->fd < 0)
		error = open_plain(t, f, flags_of(f) | O_CREAT);
	if (error < 0)
		return error;
	if (f->kind == UPLOAD_APPEND) {
		f->offset = f->size;
		return 0;
	}
	f->offset = offset;
	if (offset == 0 && f->size > 0 && ftruncate(f->fd, 0) < 0)
		return -errno;
	if (offset > 0 && lseek(f->fd, offset, SEEK_SET) < 0)
		return -errno;
	return 0;
}

/* The rest of a file that was resumed in its middle. */
static int
cut_rest(const struct file *f)
{
	off_t end = lseek(f->fd, 0, SEEK_CUR);

	return end < 0 || ftruncate(f->fd, end) < 0 ? -errno : 0;
}

static void
remove_if_same(const struct file *f)
{
	struct stat here, opened;

	if (fstat(f->fd, &opened) < 0 || fstatat(f->at.dir, f->at.name, &here,
		AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (here.st_dev == opened.st_dev && here.st_ino == opened.st_ino)
		(void)unlinkat(f->at.dir, f->at.name, 0);
}

int
file_end_upload(struct tree *t, struct file *f, bool complete)
{
	bool whole = f->kind != UPLOAD_APPEND && f->offset == 0;
	int error = 0;

	if (complete && f->kind != UPLOAD_APPEND && f->size > f->offset &&
		f->offset > 0)
		error = cut_rest(f);
	if (!complete && whole &&
		t->settings->incomplete_uploads == INCOMPLETE_DELETE)
		remove_if_same(f);
	if (close(f->fd) < 0 && error == 0)
		error = -errno;
	f->fd = -1;
	return error;
}

void
file_record(const struct file *f, struct event *e)
{
	BUFFER(path, 2 * PATH_MAX);

	target_path(&f->at, &path);
	e->path = buffer_text(&path);
	event_send(e);
}

void
file_close(struct file *f)
{
	io_close(&f->fd);
	target_close(&f->at);
}
