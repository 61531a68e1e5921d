/*
 * listing_sort.h - sorts entries: by name, or for LIST -t and -S by time and
 * size.  For listing_*.c only.
 */
#ifndef WORKER_TREE_LISTING_SORT_H
#define WORKER_TREE_LISTING_SORT_H

#include "common/base.h"
#include "worker/tree/listing_read.h"

/* Larger numbers first; equal ones are sorted by name. */
struct listing_key {
	int64_t number;		/* seconds, or bytes */
	int64_t fraction;	/* nanoseconds */
};

struct listing_sort {
	struct listing_sort_item *items;
	size_t count, room;
	char *names;		/* all names, each with its NUL */
	size_t names_len, names_room;
	size_t at;		/* items already returned */
	bool reverse;
};

/* A zeroed struct is empty.  clear: remove all entries; free: release the
 * memory as well. */
void listing_sort_clear(struct listing_sort *s);

/* Add an entry.  0 or -ENOMEM. */
int listing_sort_add(struct listing_sort *s, const struct listing_entry *entry,
	struct listing_key key) MUST_CHECK;

/* Sort the entries, ascending or reversed. */
void listing_sort_finish(struct listing_sort *s, bool reverse);

/* The current entry: 1, or 0 at the end.  It stays current until
 * listing_sort_next(). */
int listing_sort_peek(const struct listing_sort *s,
	struct listing_entry *entry);
void listing_sort_next(struct listing_sort *s);

#endif
