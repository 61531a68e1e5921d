/*
 * file.h - the files of data transfers: opened first, then judged by what was
 * opened (rule R7), and locked.
 *
 * With upload_locking an upload holds an open file description lock for
 * writing and a download one for reading, so that no client reads a file
 * that is being written, and uploads do not mix.  The lock ends with the
 * descriptor.  Where the file system has no locks, there is none.
 *
 * With atomic_uploads what STOR and STOU write is another file (replace.h),
 * which appears under its name when it is whole.  UPLOAD_RESUME and
 * UPLOAD_APPEND work in place all the same.
 *
 * file_close() is due after any of the functions that open, also when they
 * failed: until then the file can be recorded.
 */
#ifndef WORKER_TREE_FILE_H
#define WORKER_TREE_FILE_H

#include "common/base.h"
#include "worker/tree/numbered.h"
#include "worker/tree/replace.h"
#include "worker/tree/tree.h"

enum upload_kind {
	UPLOAD_STORE,		/* STOR: the whole file */
	UPLOAD_RESUME,		/* STOR after REST: from an offset on */
	UPLOAD_APPEND,		/* APPE: to wherever the end is */
	UPLOAD_UNIQUE,		/* STOU: a name that does not exist yet */
};

struct file {
	struct target at;
	int fd;			/* -1: not open */
	int64_t size;		/* when it was opened; 0 for a new one */
	dev_t device;		/* with the inode: which file was opened */
	ino_t inode;
	enum upload_kind kind;
	int64_t offset;		/* of the first byte, set by file_begin() */
	char unique[PATH_MAX];	/* UPLOAD_UNIQUE: the path */
	struct numbered numbered; /* overwrite = rename */
	bool atomic;		/* atomic_uploads: in its place when whole */
	struct replace replace;
};

/* A plain file for reading.  0; -EISDIR, -ENXIO for what is no plain file;
 * -EACCES for files of /proc; -EAGAIN while it is being uploaded, or leased to
 * another server; another -errno. */
int file_open_download(struct tree *t, struct file *f, const char *path)
	MUST_CHECK;

/*
 * Everything about an upload that can be known beforehand: opens what is
 * there, without changing it; where there is nothing, f->fd is -1 and the
 * directory may be written to.  0, or the errors of file_open_download(), or
 * -EEXIST for UPLOAD_STORE with overwrite = deny.  With overwrite = rename
 * f->at stands for a new name where that of `path` is taken.
 */
int file_prepare_upload(struct tree *t, struct file *f, const char *path,
	enum upload_kind kind) MUST_CHECK;

/* Remove what crashed sessions have left in the working directory. */
void file_clean_directory(struct tree *t);

/* The data connection is ready: create or truncate the file, or find the
 * offset, in what has the name by now.  0 or -errno; -ENODATA if it is shorter
 * than the offset. */
int file_begin_upload(struct tree *t, struct file *f, int64_t offset)
	MUST_CHECK;

/* Send this event of a transfer with the file's absolute path. */
void file_record(const struct file *f, struct event *e);

void file_close(struct file *f);

#endif
