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
#include "worker/tree/lock.h"
#include "worker/tree/owner.h"
#include "worker/tree/same.h"

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
	f->atomic = false;
	numbered_init(&f->numbered, "", NULL);
	replace_init(&f->replace);
}

/* What /proc has looks like plain files.  The process may read and write its
 * own memory, and root's processes were forked from the same and lie alike.
 * The device of the last good file need not be asked again. */
static bool
is_process_data(struct tree *t, dev_t device, int fd)
{
	struct statfs fs;

	if (t->has_files && device == t->files_device)
		return false;
	if (fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC)
		return true;
	t->files_device = device;
	t->has_files = true;
	return false;
}

/* A directory, device, FIFO or socket has no content to transfer.  A file that
 * was removed while its lock was waited for is nobody's any more. */
static int
judge(struct tree *t, int fd, bool writing, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode))
		return -ENXIO;
	if (is_process_data(t, st->st_dev, fd))
		return -EACCES;
	return writing && st->st_nlink == 0 ? -EAGAIN : 0;
}

/* A read lock needs a file that can be read: of others, find out only that
 * nobody writes to them. */
static int
lock_as(int fd, int flags, short lock)
{
	return lock == F_RDLCK && (flags & O_ACCMODE) == O_WRONLY ?
		lock_test(fd, lock) : lock_file(fd, lock);
}

static int
open_locked(struct tree *t, struct file *f, int flags, short lock)
{
	bool writing = (flags & O_ACCMODE) != O_RDONLY;
	struct stat st;
	int error = 0;

	f->fd = target_open(&t->resolver, f->at.dir, f->at.name, flags,
		flags & O_CREAT ? owner_first_mode(t) : 0);
	if (f->fd < 0) {
		error = f->fd;
		f->fd = -1;
		return error;
	}
	/* Where the file system has no locks, there is none. */
	if (t->settings->upload_locking)
		error = lock_as(f->fd, flags, lock);
	if (error != -EAGAIN)
		error = judge(t, f->fd, writing, &st);
	if (error < 0) {
		io_close(&f->fd);
		return error;
	}
	f->size = st.st_size;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	return 0;
}

static int
open_plain(struct tree *t, struct file *f, int flags)
{
	bool writing = (flags & O_ACCMODE) != O_RDONLY;

	return open_locked(t, f, flags, writing ? F_WRLCK : F_RDLCK);
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

/* That the name is free is ensured when the file is created. */
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
	return O_WRONLY | (f->kind == UPLOAD_APPEND ? O_APPEND : 0);
}

/* Must the upload's file be a new one? */
static bool
makes_new(const struct tree *t, const struct file *f)
{
	return f->kind == UPLOAD_UNIQUE || (f->kind == UPLOAD_STORE &&
		t->settings->overwrite != OVERWRITE_ALLOW);
}

/* -ENOENT when the name, or one with a number in its place, is free. */
static int
find_free_name(const struct tree *t, struct file *f)
{
	struct stat st;
	int error;

	if (f->kind == UPLOAD_UNIQUE)
		return -ENOENT;
	if (fstatat(f->at.dir, f->at.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (t->settings->overwrite != OVERWRITE_RENAME)
		return -EEXIST;
	error = numbered_next_free(&f->numbered, &f->at);
	return error < 0 ? error : -ENOENT;
}

/* Another process may have created it since. */
static int
create(struct tree *t, struct file *f)
{
	bool rename = t->settings->overwrite == OVERWRITE_RENAME;
	int error;

	if (!makes_new(t, f))
		return open_plain(t, f, flags_of(f) | O_CREAT);
	while ((error = open_plain(t, f, flags_of(f) | O_CREAT | O_EXCL)) ==
		-EEXIST && rename && f->kind == UPLOAD_STORE) {
		error = numbered_next(&f->numbered, &f->at);
		if (error < 0)
			return error;
	}
	return error;
}

/* A symbolic link would be replaced itself. */
static bool
leads_nowhere(const struct file *f)
{
	struct stat st;

	return fstatat(f->at.dir, f->at.name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The file to be replaced is read, not written: whoever downloads it is in
 * nobody's way.  Only those who may write to it may replace it. */
static int
open_old(struct tree *t, struct file *f)
{
	int error = open_locked(t, f, O_RDWR, F_RDLCK);

	if (error == -EACCES)
		error = open_locked(t, f, O_WRONLY, F_RDLCK);
	if (error == -ENOENT && leads_nowhere(f))
		return -ENXIO;
	if (error < 0)
		return error;
	int old = f->fd;
	f->fd = -1;
	f->size = 0;
	return replace_prepare(t, &f->replace, &f->at, old);
}

static int
open_existing(struct tree *t, struct file *f)
{
	if (makes_new(t, f))
		return find_free_name(t, f);
	return f->atomic ? open_old(t, f) : open_plain(t, f, flags_of(f));
}

void
file_clean_directory(struct tree *t)
{
	hidden_clean(&t->resolver, &t->hidden, AT_FDCWD, t->user.uid,
		t->settings->max_list_entries);
}

/* A new file never gets its place through a link that has its name. */
static int
enter(struct tree *t, struct file *f, const char *path)
{
	if (makes_new(t, f))
		return tree_enter_link(t, &f->at, path, PERMISSION_store);
	return tree_enter(t, &f->at, path, f->kind == UPLOAD_APPEND ?
		PERMISSION_append : PERMISSION_store);
}

int
file_prepare_upload(struct tree *t, struct file *f, const char *path,
	enum upload_kind kind)
{
	int error = 0;

	init(f, kind);
	f->at.path = path;
	f->atomic = t->settings->atomic_uploads &&
		(kind == UPLOAD_STORE || kind == UPLOAD_UNIQUE);
	if (kind == UPLOAD_UNIQUE) {
		error = make_unique(f, path);
		path = f->unique;
	}
	if (error == 0)
		error = enter(t, f, path);
	if (error < 0)
		return error;
	numbered_init(&f->numbered, path, t->settings);
	error = open_existing(t, f);
	return error == -ENOENT ? check_directory(&f->at) : error;
}

static int
make_replacement(struct tree *t, struct file *f)
{
	int fd = replace_make(t, &f->replace, &f->at);

	f->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}

/* The file belongs to whom it is to belong before anything is in it, so that
 * also an incomplete one does. */
static int
open_for_writing(struct tree *t, struct file *f)
{
	bool is_new = f->fd < 0;
	int error = is_new ? create(t, f) : 0;

	if (error < 0)
		return error;
	error = owner_give(t, f->fd);
	if (error < 0 && is_new)
		same_remove(f->at.dir, f->at.name, f->fd);
	return error;
}

/* The one that has the name? */
static bool
is_at_its_name(const struct file *f, struct stat *here)
{
	return fstatat(f->at.dir, f->at.name, here, 0) == 0 &&
		here->st_dev == f->device && here->st_ino == f->inode;
}

/* Anything may have happened to it since it was opened: what has no name any
 * more would lose the upload. */
static void
look_again(struct file *f)
{
	struct stat st;

	if (f->fd < 0)
		return;
	if (is_at_its_name(f, &st))
		f->size = st.st_size;
	else
		io_close(&f->fd);
}

int
file_begin_upload(struct tree *t, struct file *f, int64_t offset)
{
	if (f->atomic)
		return make_replacement(t, f);
	look_again(f);
	/* A resumed file that was removed must not appear again, empty. */
	if (f->fd < 0 && offset > 0)
		return -ENODATA;
	int error = open_for_writing(t, f);
	if (error < 0)
		return error;
	if (f->kind == UPLOAD_APPEND) {
		f->offset = f->size;
		return 0;
	}
	if (offset > f->size)
		return -ENODATA;
	f->offset = offset;
	if (offset == 0 && f->size > 0 && ftruncate(f->fd, 0) < 0)
		return -errno;
	if (offset > 0 && lseek(f->fd, offset, SEEK_SET) < 0)
		return -errno;
	return 0;
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
	replace_close(&f->replace, f->fd);
	io_close(&f->fd);
	target_close(&f->at);
}
