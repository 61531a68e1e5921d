/*
 * listing_steps.h - the state of an open listing, and its steps. For listing.c
 * only.
 */
#ifndef WORKER_TREE_LISTING_STEPS_H
#define WORKER_TREE_LISTING_STEPS_H

#include "common/base.h"
#include "worker/tree/listing_line.h"
#include "worker/tree/listing_read.h"
#include "worker/tree/listing_request.h"
#include "worker/tree/listing_sort.h"
#include "worker/tree/listing_walk.h"

enum listing_phase {
	PHASE_ALONE,		/* `at`: a file, or a directory that is itself
				 * shown */
	PHASE_HEADER,		/* -R: the directory's path */
	PHASE_SORT,		/* collect and sort its lines */
	PHASE_SORTED,		/* output the sorted lines */
	PHASE_ENTRIES,		/* or output each line immediately, unsorted */
	PHASE_WALK,		/* -R: the next directory */
	PHASE_NOTE,		/* the last line of a truncated listing */
	PHASE_END,
};

struct listing {
	const struct listing_request *request;
	enum listing_phase phase, after_header;
	const char *path;	/* the requested path; "." if empty */
	struct target at;	/* the same, if it is not a directory */
	const char *pattern;	/* its last component, or NULL */
	size_t pattern_len;	/* without slashes at the end */
	bool sorted, recursive;
	bool only_directories;	/* the pattern had such slashes */
	bool cut;		/* max_entries was reached */
	bool headed;		/* a header was written */
	int64_t count;
	struct listing_read read;
	struct listing_sort sort;
	struct listing_line line;
	struct listing_walk walk;
};

/* Prepare the lines of a new directory of the walk. */
int listing_steps_begin(struct listing *l) MUST_CHECK;

/* Append lines until the buffer is full or the listing has ended, as
 * listing_fill(). */
int listing_steps_fill(struct listing *l, char *text, size_t size, size_t *len)
	MUST_CHECK;

#endif
