/*
 * listing_walk.h - walks the directories of LIST -R, one at a time.  For
 * listing_*.c only.
 *
 * It stores only the path from the top: a descriptor and a small buffer per
 * level, and no list of remaining directories.  So memory depends on the depth
 * only.  A directory is opened relative to the one above, never through a
 * symbolic link, so renames during the walk cannot lead out of the tree.
 */
#ifndef WORKER_TREE_LISTING_WALK_H
#define WORKER_TREE_LISTING_WALK_H

#include "common/base.h"
#include "common/buffer.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/tree.h"

#define LISTING_WALK_MAX_DEPTH 64

struct listing_walk {
	struct listing_level {
		int fd;
		size_t path_len;
		struct listing_read read;
	} levels[LISTING_WALK_MAX_DEPTH];
	size_t depth;		/* levels in use; the last one is the current
				 * directory */
	size_t max_depth;
	struct tree *tree;	/* determines what may be listed; NULL:
				 * everything */
	bool hidden;		/* enter names that begin with a dot */
	bool cut;		/* a directory was too deep to be entered */
	struct buffer path;	/* of the current directory: "" or ending in
				 * '/' */
	char path_storage[PATH_MAX];
};

/* Make an empty walk with an empty path, which the caller may set. */
void listing_walk_init(struct listing_walk *w, int64_t max_depth, bool hidden);

/* Begin at the directory fd, whose ownership is taken. */
void listing_walk_start(struct listing_walk *w, int fd);

/* The current directory, or -1. */
int listing_walk_fd(const struct listing_walk *w);

/*
 * Enter the next directory: the first subdirectory of the current one, or else
 * the next one at its level or above.  Those that cannot be opened are skipped.
 * 1; 0 at the end; or -errno.
 */
int listing_walk_next(struct listing_walk *w) MUST_CHECK;

void listing_walk_close(struct listing_walk *w);

#endif
