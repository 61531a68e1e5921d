/*
 * remove.h - SITE RMDIR: a directory with all that is in it.
 *
 * From the bottom up, one descriptor a level and no recursion.  A directory is
 * entered relative to the one above and never through a symbolic link, so
 * nothing that is renamed or replaced meanwhile leads out of the tree.  Links
 * are removed, not followed.
 */
#ifndef WORKER_TREE_REMOVE_H
#define WORKER_TREE_REMOVE_H

#include "common/base.h"
#include "worker/tree/tree.h"

#define REMOVE_DEPTH_MAX 64

/* Asked again and again while it goes on: false ends it with -ECANCELED. */
typedef bool remove_go_on(void *context);

/*
 * At most `most` files and directories (-E2BIG) of at most REMOVE_DEPTH_MAX
 * levels (-ENAMETOOLONG).  It ends at the first that cannot be removed; what
 * was removed before is gone.
 */
int remove_tree(struct tree *t, const char *path, int64_t most,
	remove_go_on *go_on, void *context) MUST_CHECK;

#endif
