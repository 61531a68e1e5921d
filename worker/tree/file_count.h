/*
 * file_count.h - counts an upload for a quota.  For file.c, and for transfers
 * that need more room.
 */
#ifndef WORKER_TREE_FILE_COUNT_H
#define WORKER_TREE_FILE_COUNT_H

#include "common/base.h"
#include "worker/tree/permit.h"

struct file_count {
	struct tree *tree;	/* of whose quota; NULL: none */
	int fd;
	bool locked;
	int64_t size;		/* the file may become this large; or
				 * INT64_MAX */
	/* While it fits into the session's allowance, the bookkeeper is told
	 * when the upload has ended. */
	bool quiet;
	struct quota_count before;	/* what counts already of the file */
	struct quota_mark mark;		/* where it is, and since when */
	int64_t opened;		/* clock_ns() before that; 0: not known */
	bool removed;		/* by this upload */
};

void file_count_init(struct file_count *c);

/* The file will be created or opened now. */
void file_count_open(struct file_count *c);

/* Before the first byte, and before an old content is lost; the file will be in
 * this directory.  0, or -errno if the quota does not allow it. */
int file_count_begin(struct file_count *c, struct tree *t, int dir,
	const struct quota_upload *u) MUST_CHECK;

/* The file is to become larger than c->size, which grows.  0 or -errno. */
int file_count_grow(struct file_count *c) MUST_CHECK;

/* Remove the name of this file, unless it refers to another one by now. */
void file_count_remove(struct file_count *c, int dir, const char *name,
	int fd);

/* The upload has ended, and what it has become counts.  `hidden`: it has never
 * had a name that other sessions know. */
void file_count_end(struct file_count *c, bool hidden);

#endif
