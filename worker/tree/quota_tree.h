/*
 * quota_tree.h - how much a directory counts, with all that is below it.
 */
#ifndef WORKER_TREE_QUOTA_TREE_H
#define WORKER_TREE_QUOTA_TREE_H

#include "common/base.h"
#include "worker/tree/quota.h"

/* For a directory that may be moved into quota_root.  -EXDEV if it is too
 * large, or too deep, to be examined while the client waits; 0 or another
 * -errno. */
int quota_tree_weigh(const struct quota *q, int dir, const char *name,
	struct quota_count *sum) MUST_CHECK;

#endif
