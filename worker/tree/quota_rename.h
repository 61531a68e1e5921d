/*
 * quota_rename.h - renames, counted for a quota.  Without a quota (NULL) they
 * only rename.
 */
#ifndef WORKER_TREE_QUOTA_RENAME_H
#define WORKER_TREE_QUOTA_RENAME_H

#include "common/base.h"
#include "worker/tree/quota_remove.h"
#include "worker/tree/target.h"

/* Rename a hidden file of this session's over another file.  `replaced`: the
 * one whose space its upload may use (quota_begin()), or NULL.  0 or -errno. */
int quota_rename_hidden(struct quota *q, int dir, const char *hidden,
	const char *name, const struct stat *replaced) MUST_CHECK;

/* A rename: begin; then, if the new name exists, over; if that is not possible,
 * replaces and the rename itself; then end. */
struct quota_rename {
	struct quota_target replaced;
	struct quota_count moved;	/* into quota_root or, negative, out */
	struct quota_inode inode;
	struct quota_mark from, to;	/* the two directories */
	bool leaves, enters;		/* is from, is to in quota_root? */
	bool inside;			/* both are */
	bool tree;			/* it is a directory */
	bool linked;			/* it leaves or enters, with other
					 * links that may not */
	bool replaces;			/* something in quota_root */
};
/* -EXDEV for a directory that would enter quota_root and is too large to be
 * examined (quota_tree.h). */
int quota_rename_begin(struct quota *q, struct quota_rename *r, int from_dir,
	const char *from, int to_dir) MUST_CHECK;
/* Rename it over an existing file that other sessions may replace or remove at
 * the same time.  0; -EAGAIN if one of them did so just now; or -ENOSYS if this
 * is not needed, or not possible here. */
int quota_rename_over(struct quota *q, const struct quota_rename *r,
	const struct target *old, const struct target *new) MUST_CHECK;
/* It may replace `to`. */
void quota_rename_replaces(struct quota *q, struct quota_rename *r, int to_dir,
	const char *to);
void quota_rename_end(struct quota *q, struct quota_rename *r, int error);

#endif
