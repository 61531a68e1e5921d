/*
 * file_count.h - counts an upload for a quota.  For file.c, and for transfers
 * that need more room.
 */
#ifndef WORKER_TREE_FILE_COUNT_H
#define WORKER_TREE_FILE_COUNT_H

#include "common/base.h"
#include "worker/tree/permit.h"

struct file_count {
	struct tree *tree;	/* whose quota counts it; NULL: none */
	int fd, dir;		/* the file, and its directory */
	const char *name;	/* there, until file_count_end(); "": none */
	int shown;		/* the file for the bookkeeper; or -1 */
	bool locked;
	int64_t size;		/* the file may become this large; or
				 * INT64_MAX */
	/* The upload fits into the session's allowance: the bookkeeper gets
	 * one report, at its end. */
	bool quiet;
	struct quota_count before;	/* the part of the file in the count */
	struct quota_mark mark;		/* its directory, and the time of the
					 * last report */
	int64_t opened;		/* clock_ns() before that; 0: not known */
	bool hidden;		/* a temporary file */
	bool removed;		/* by this upload */
};

void file_count_init(struct file_count *c);

/* The file will be created or opened now. */
void file_count_open(struct file_count *c);

/* Call it before the first byte is written and before old content is truncated;
 * the file is in this directory, and has this name, or "" if none yet.  0, or
 * -errno if the quota is exceeded. */
int file_count_begin(struct file_count *c, struct tree *t, int dir,
	const char *name, const struct quota_upload *u) MUST_CHECK;

/* Request more than c->size, which is increased.  0 or -errno. */
int file_count_grow(struct file_count *c) MUST_CHECK;

/* Remove the name of this file, unless it refers to another one by now. */
void file_count_remove(struct file_count *c, int dir, const char *name,
	int fd);

/* The upload has ended: count its final size. */
void file_count_end(struct file_count *c);

#endif
