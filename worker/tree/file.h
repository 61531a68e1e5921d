/*
 * file.h - the files of data transfers: opened first, then checked through the
 * descriptor, and locked.
 *
 * With upload_locking an upload holds an open file description lock for writing
 * and a download one for reading, so that no client reads a file that is being
 * written, and two uploads do not write to one file.  The lock ends with the
 * descriptor.  File systems without locks have none.
 *
 * With atomic_uploads STOR and STOU write to a temporary file (replace.h),
 * which gets its name when it is complete.  UPLOAD_RESUME and UPLOAD_APPEND
 * still write in place.
 *
 * Call file_close() after any of the functions that open, also when they
 * failed; until then file_record() can be used.
 */
#ifndef WORKER_TREE_FILE_H
#define WORKER_TREE_FILE_H

#include "common/base.h"
#include "worker/tree/file_count.h"
#include "worker/tree/numbered.h"
#include "worker/tree/replace.h"
#include "worker/tree/tree.h"

enum upload_kind {
	UPLOAD_STORE,		/* STOR: the whole file */
	UPLOAD_RESUME,		/* STOR after REST: from an offset on */
	UPLOAD_APPEND,		/* APPE: at the current end */
	UPLOAD_UNIQUE,		/* STOU: a name that does not exist yet */
};

struct file {
	struct target at;
	int fd;			/* -1: not open */
	int64_t size;		/* size when it was opened; 0 for a new file */
	dev_t device;		/* with inode: identifies the file */
	ino_t inode;
	enum upload_kind kind;
	int64_t offset;		/* of the first byte; set by
				 * file_begin_upload() for an upload, and by the
				 * caller for a download */
	char unique[PATH_MAX];	/* UPLOAD_UNIQUE: the path */
	struct numbered numbered; /* overwrite = rename */
	int64_t announced;	/* ALLO: bytes to come, for file_begin_upload();
				 * 0: not known */
	int64_t reserved;	/* bytes of space that were reserved */
	bool created;		/* by this upload */
	struct file_count count;
	int64_t expected;	/* SITE COPY: the number of bytes to come, for
				 * quotas; 0: as announced */
	bool atomic;		/* atomic_uploads: moved into place when
				 * complete */
	struct replace replace;
	struct stat closed;	/* size and time after a complete upload,
				 * for upload_hash */
};

/* Open a plain file for reading.  0; -EISDIR or -ENXIO if it is not a plain
 * file; -EACCES for files of /proc; -EAGAIN while it is being uploaded, or
 * leased to another server; or another -errno. */
int file_open_download(struct tree *t, struct file *f, const char *path)
	MUST_CHECK;

/*
 * Check everything about an upload that can be checked in advance: opens an
 * existing file, without changing it; if there is none, f->fd is -1 and the
 * directory is writable.  0; the errors of file_open_download(); or -EEXIST for
 * UPLOAD_STORE with overwrite = deny.  With overwrite = rename, f->at is set to
 * a new name if that of `path` exists.
 */
int file_prepare_upload(struct tree *t, struct file *f, const char *path,
	enum upload_kind kind) MUST_CHECK;

/* When the data connection is ready: create or truncate the file, or seek to
 * the offset, in the file that has the name then.  0 or -errno; -ENODATA if it
 * is shorter than the offset, -ENOSPC if there is no space for the announced
 * size. */
int file_begin_upload(struct tree *t, struct file *f, int64_t offset)
	MUST_CHECK;

/* Log this event of a transfer, with the file's absolute path. */
void file_record(const struct file *f, struct event *e);

void file_close(struct file *f);

#endif
