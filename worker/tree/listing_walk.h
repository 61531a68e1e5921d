/*
 * listing_walk.h - the directories of LIST -R: from the top down, one at a
 * time.  For the listing_*.c rooms only.
 *
 * What is remembered is the way down from the top: a descriptor and a small
 * buffer a level, no list of what is still to come.  So memory depends on the
 * depth only.  A directory is entered relative to the one above and never
 * through a symbolic link, so nothing that is renamed or replaced meanwhile
 * leads out of the tree.
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
	size_t depth;		/* levels in use; the last is the current */
	size_t max_depth;
	const struct tree *tree;	/* says what may be listed; NULL: all */
	bool hidden;		/* enter names that begin with a dot */
	bool cut;		/* something was too deep to be entered */
	struct buffer path;	/* of the current one, "" or ending in '/' */
	char path_storage[PATH_MAX];
};

/* Make an empty walk with an empty path, which the caller may fill. */
void listing_walk_init(struct listing_walk *w, int64_t max_depth, bool hidden);

/* Begin at the directory fd, which is closed by the walk from now on. */
void listing_walk_start(struct listing_walk *w, int fd);

/* The current directory, or -1. */
int listing_walk_fd(const struct listing_walk *w);

/*
 * Go on to the next directory: the first below the current one, or the next
 * beside it or beside one above.  One that cannot be opened is passed over.
 * 1; 0 when there is none; -errno.
 */
int listing_walk_next(struct listing_walk *w) MUST_CHECK;

void listing_walk_close(struct listing_walk *w);

#endif
