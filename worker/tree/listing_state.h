/*
 * listing_state.h - a listing between two calls.  For the listing_*.c rooms
 * only.
 */
#ifndef WORKER_TREE_LISTING_STATE_H
#define WORKER_TREE_LISTING_STATE_H

#include "common/base.h"
#include "worker/tree/listing.h"
#include "worker/tree/listing_line.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/listing_sort.h"
#include "worker/tree/listing_walk.h"

enum listing_phase {
	PHASE_ALONE,		/* a file, or a directory itself */
	PHASE_HEADER,		/* -R: the directory's path */
	PHASE_SORT,		/* collect and sort its entries */
	PHASE_ENTRIES,
	PHASE_WALK,		/* -R: the next directory */
	PHASE_NOTE,		/* the last line of a cut listing */
	PHASE_END,
};

struct listing {
	const struct listing_request *request;
	enum listing_phase phase;
	const char *path;	/* what was asked for; "." when nothing was */
	const char *pattern;	/* its last component, or NULL */
	bool sorted, recursive;
	bool cut;		/* at max_entries */
	bool headed;		/* a header was written */
	int64_t count;
	struct listing_read read;
	struct listing_sort sort;
	struct listing_line line;
	struct listing_walk walk;
};

/* The walk is at a new directory: make ready for its lines. */
int listing_begin_directory(struct listing *l) MUST_CHECK;

#endif
