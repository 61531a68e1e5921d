/*
 * remove.h - SITE RMDIR: removes a directory recursively.
 *
 * Bottom-up, with one descriptor per level and no function recursion.  A
 * directory is opened relative to the one above, never through a symbolic link,
 * so renames meanwhile cannot lead out of the tree.  Links are removed, not
 * followed.
 */
#ifndef WORKER_TREE_REMOVE_H
#define WORKER_TREE_REMOVE_H

#include "common/base.h"
#include "worker/tree/tree.h"

#define REMOVE_DEPTH_MAX 64

/* Called repeatedly during the removal; if it returns false, the removal ends
 * with -ECANCELED. */
typedef bool remove_go_on(void *context);

/*
 * Remove at most `most` files and directories (-REASON_ENTRIES) in at most
 * REMOVE_DEPTH_MAX levels (-REASON_DEPTH).  Stops at the first error; entries
 * removed before that are not restored.
 */
int remove_tree(struct tree *t, const char *path, int64_t most,
	remove_go_on *go_on, void *context) MUST_CHECK;

#endif
