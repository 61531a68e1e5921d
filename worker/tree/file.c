/*
 * file.c - opens the files of data transfers.
 *
 * Runs in: session.  Never: sends files of /proc, which show the program's
 * memory layout.
 */
#include "common/base.h"

#include "worker/tree/file.h"

#include "common/io.h"
#include "common/settings/settings.h"
#include "worker/tree/lock.h"
#include "worker/tree/owner.h"
#include "worker/tree/reserve.h"

#include <fcntl.h>

static void
init(struct file *f, enum upload_kind kind)
{
	f->at = (struct target){ .path = "", .dir = -1, .name = "" };
	f->fd = -1;
	f->size = f->offset = f->announced = f->reserved = 0;
	f->kind = kind;
	f->atomic = f->created = false;
	file_count_init(&f->count);
	f->expected = 0;
	numbered_init(&f->numbered, "", NULL);
	replace_init(&f->replace);
}

/* Directories, devices, FIFOs and sockets cannot be transferred.  A file that
 * was removed while waiting for its lock does not exist any more. */
static int
judge(struct tree *t, int fd, bool writing, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode))
		return -ENXIO;
	if (tree_is_process_data(t, st->st_dev, fd))
		return -EACCES;
	return writing && st->st_nlink == 0 ? -EAGAIN : 0;
}

/* A read lock needs a readable file; for others, only check that no other
 * process has a write lock. */
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

	int fd = target_open(&t->resolver, f->at.dir, f->at.name, flags,
		flags & O_CREAT ? owner_first_mode(t) : 0);
	f->fd = fd < 0 ? -1 : fd;
	if (fd < 0)
		return fd;
	/* If the file system does not support locks, there is none. */
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

int
file_open_download(struct tree *t, struct file *f, const char *path)
{
	int error;

	init(f, UPLOAD_STORE);
	error = tree_enter(t, &f->at, path, PERMISSION_retrieve);
	if (error == 0)
		error = open_plain(t, f, O_RDONLY);
	if (error == 0 && !tree_may_read(t, f->fd)) {
		io_close(&f->fd);
		error = -EACCES;
	}
	return error;
}

/* May a file be created there?  A dangling symbolic link would create it in
 * another directory. */
static int
check_directory(const struct target *at)
{
	int error = io_access(at->dir, W_OK | X_OK);
	struct stat st;

	/* As in open(2); with atomic_uploads it would fail at the end only. */
	if (target_names_directory(at->name))
		return -EISDIR;
	return error == 0 || fstatat(at->dir, at->name, &st,
		AT_SYMLINK_NOFOLLOW) == 0 ? 0 : error;
}

static int
flags_of(const struct file *f)
{
	return O_WRONLY | (f->kind == UPLOAD_APPEND ? O_APPEND : 0);
}

/* Must the upload create a new file? */
static bool
makes_new(const struct tree *t, const struct file *f)
{
	return f->kind == UPLOAD_UNIQUE || (f->kind == UPLOAD_STORE &&
		t->settings->overwrite != OVERWRITE_ALLOW);
}

/* -ENOENT when the name, or one with a number instead, is free. */
static int
find_free_name(struct file *f)
{
	struct stat st;

	if (f->kind == UPLOAD_UNIQUE)
		return -ENOENT;
	if (fstatat(f->at.dir, f->at.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	int error = f->numbered.overwrite != OVERWRITE_RENAME ? -EEXIST :
		numbered_next_free(&f->numbered, &f->at);
	return error < 0 ? error : -ENOENT;
}

/* The bookkeeper must know which session has created the file, even if another
 * one has locked or removed it since (-EAGAIN), or has written to it. */
static int
create_new(struct tree *t, struct file *f)
{
	int error = open_plain(t, f, flags_of(f) | O_CREAT | O_EXCL);

	f->created = error == 0 && f->size == 0;
	if (error == -EAGAIN || (error == 0 && f->size > 0))
		quota_made(t->quota, f->at.dir);
	return error;
}

/* A dangling symbolic link exists, but cannot be opened. */
static int
create_or_open(struct tree *t, struct file *f)
{
	int flags = flags_of(f), error = -ENOENT;

	for (int i = 0; t->quota != NULL && i < 5 && error == -ENOENT; i++) {
		error = create_new(t, f);
		if (error == -EEXIST)
			error = open_plain(t, f, flags);
	}
	return error == -ENOENT ? open_plain(t, f, flags | O_CREAT) : error;
}

static int
create(struct tree *t, struct file *f)
{
	bool rename = f->numbered.overwrite == OVERWRITE_RENAME;
	int error;

	if (!makes_new(t, f))
		return create_or_open(t, f);
	while ((error = create_new(t, f)) == -EEXIST && rename) {
		error = numbered_next(&f->numbered, &f->at);
		if (error < 0)
			return error;
	}
	return error;
}

/* Refused, because the symbolic link itself would be replaced. */
static bool
leads_nowhere(const struct file *f)
{
	struct stat st;

	return fstatat(f->at.dir, f->at.name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The file to be replaced is opened for reading, so downloads of it can
 * continue.  Only an account that may write to it may replace it. */
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
		return find_free_name(f);
	return f->atomic ? open_old(t, f) : open_plain(t, f, flags_of(f));
}

/* A new file is never created through a symbolic link with its name. */
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
		error = numbered_unique(f->unique, sizeof(f->unique), path);
		path = f->unique;
	}
	if (error == 0)
		error = enter(t, f, path);
	if (error < 0)
		return error;
	numbered_init(&f->numbered, path, t->settings);
	if (kind == UPLOAD_UNIQUE)
		f->numbered.overwrite = OVERWRITE_DENY;
	error = open_existing(t, f);
	return error == -ENOENT ? check_directory(&f->at) : error;
}

/* The announced size is that of the data, which begins there. */
static int
count_upload(struct tree *t, struct file *f, int64_t begin)
{
	int64_t bytes = f->expected > 0 ? f->expected : f->announced;
	const struct quota_upload u = {
		.fd = f->fd, .created = f->created,
		.size = bytes > 0 && bytes < INT64_MAX - begin ?
			begin + bytes : -1,
		.replaced = f->replace.old >= 0 ? &f->replace.old_stat : NULL,
		.replaced_fd = f->replace.old,
	};

	return f->atomic ? file_count_begin(&f->count, t,
		replace_directory(&f->replace, &f->at),
		f->replace.hidden.name, &u) :
	    file_count_begin(&f->count, t, f->at.dir, f->at.name, &u);
}

static int
make_replacement(struct tree *t, struct file *f)
{
	int fd = replace_make(t, &f->replace, &f->at);

	f->fd = fd < 0 ? -1 : fd;
	f->created = true;
	return fd < 0 ? fd : count_upload(t, f, 0);
}

/* Set the owner while the file is empty, so that an incomplete file has it as
 * well. */
static int
open_for_writing(struct tree *t, struct file *f)
{
	bool is_new = f->fd < 0;
	int error = is_new ? create(t, f) : 0;

	return error < 0 ? error : owner_give(t, f->fd);
}

/* The file may have been replaced since it was opened; an upload into a file
 * without a name would be lost. */
static void
look_again(struct file *f)
{
	struct stat st;

	if (f->fd < 0)
		return;
	if (fstatat(f->at.dir, f->at.name, &st, 0) == 0 &&
		st.st_dev == f->device && st.st_ino == f->inode)
		f->size = st.st_size;
	else
		io_close(&f->fd);
}

static int
begin_in_place(struct tree *t, struct file *f, int64_t offset)
{
	/* A file to be resumed that was removed must not be created as an empty
	 * one. */
	if (f->fd < 0 && offset > 0)
		return -ENODATA;
	int error = open_for_writing(t, f);
	if (error < 0)
		return error;
	bool appends = f->kind == UPLOAD_APPEND;
	if (appends)
		offset = f->size;
	if (offset > f->size)
		return -ENODATA;
	error = count_upload(t, f, offset);
	if (error == 0)
		error = reserve_fits(f->fd, f->announced, !appends);
	if (error < 0)
		return error;
	f->offset = offset;
	if (appends)
		return 0;
	if (offset == 0 && f->size > 0 && ftruncate(f->fd, 0) < 0)
		return -errno;
	if (offset > 0 && lseek(f->fd, offset, SEEK_SET) < 0)
		return -errno;
	return 0;
}

/* Not for APPE and resumed uploads: other processes may append to the same
 * file, so reserved space could not be released safely. */
static int
reserve(struct tree *t, struct file *f)
{
	if (f->announced == 0 || !t->settings->reserve_uploads ||
		f->kind == UPLOAD_APPEND || f->kind == UPLOAD_RESUME)
		return 0;
	f->reserved = f->announced;
	return reserve_space(f->fd, f->announced);
}

int
file_begin_upload(struct tree *t, struct file *f, int64_t offset)
{
	file_count_open(&f->count);
	look_again(f);
	bool is_new = f->fd < 0 && !f->atomic;
	int error = f->atomic ? make_replacement(t, f) :
		begin_in_place(t, f, offset);
	if (error == 0)
		error = reserve(t, f);
	if (error < 0 && is_new && f->fd >= 0)
		file_count_remove(&f->count, f->at.dir, f->at.name, f->fd);
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
	replace_close(&f->replace);
	file_count_end(&f->count);
	io_close(&f->fd);
	target_close(&f->at);
}
