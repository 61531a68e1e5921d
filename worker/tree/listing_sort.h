/*
 * listing_sort.h - entries in order: by name, or for LIST -t and -S by time
 * and size.  For the listing_*.c rooms only.
 */
#ifndef WORKER_TREE_LISTING_SORT_H
#define WORKER_TREE_LISTING_SORT_H

#include "common/base.h"
#include "worker/tree/listing_read.h"

/* Bigger numbers first; names decide between equals. */
struct listing_key {
	int64_t number;		/* seconds, or bytes */
	int64_t fraction;	/* nanoseconds */
};

struct listing_sort {
	struct listing_sort_item *items;
	size_t count, room;
	char *names;		/* all of them, each with its NUL */
	size_t names_len, names_room;
	size_t at;		/* items handed out */
	bool reverse;
};

/* A zeroed struct is empty.  Forget everything, free everything. */
void listing_sort_clear(struct listing_sort *s);

/* 0 or -ENOMEM. */
int listing_sort_add(struct listing_sort *s, const struct listing_entry *entry,
	struct listing_key key) MUST_CHECK;

/* Put what was added in order, or in the opposite one. */
void listing_sort_finish(struct listing_sort *s, bool reverse);

/* The entry at the front: 1, or 0 at the end; it stays there until the
 * next. */
int listing_sort_peek(const struct listing_sort *s,
	struct listing_entry *entry);
void listing_sort_next(struct listing_sort *s);

#endif
