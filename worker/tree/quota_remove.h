/*
 * quota_remove.h - removals, counted for a quota.  Without a quota (NULL) they
 * only remove.
 */
#ifndef WORKER_TREE_QUOTA_REMOVE_H
#define WORKER_TREE_QUOTA_REMOVE_H

#include "common/base.h"
#include "worker/tree/quota.h"

/* What a name refers to before an operation that may remove it. */
struct quota_target {
	int fd;			/* -1: it does not count */
	struct stat st;
	struct quota_mark mark;
};
struct quota_target quota_look(const struct quota *q, int dir,
	const char *name);
/* After the operation, which succeeded if error is 0. */
void quota_looked(struct quota *q, struct quota_target *target, int error);

/* This session has removed a name of an open file: report it if that was the
 * last. */
void quota_lost_name(struct quota *q, int dir, int fd,
	const struct stat *before);

/* Remove a file, after an operation that began at this mark and has given it a
 * name that no other session uses.  0 or -errno. */
int quota_unlink_own(struct quota *q, int dir, const char *name,
	const struct quota_mark *mark) MUST_CHECK;

/* unlinkat(): 0 or -errno. */
int quota_unlink(struct quota *q, int dir, const char *name, int flags)
	MUST_CHECK;

#endif
