/*
 * listing_sort.h - lines in order: by the names in them, or for LIST -t and -S
 * by time and size.  For the listing_*.c rooms only.
 *
 * Whole lines are kept and not names, because what is known of an entry is
 * cheapest to have while its directory is read.
 */
#ifndef WORKER_TREE_LISTING_SORT_H
#define WORKER_TREE_LISTING_SORT_H

#include "common/base.h"
#include "common/buffer.h"

struct stat;

struct listing_sort {
	struct listing_sort_item *items;
	size_t count, room;
	char *text;		/* all lines, each with its length before it */
	size_t text_len, text_room;
	size_t at;		/* items already returned */
	bool by_rank;		/* the ranks differ */
	bool reverse;
};

/* Where a line's name is. */
struct listing_name {
	size_t at, len;		/* at most 65535 and 255 */
};

/* A zeroed struct is empty.  clear: remove all entries; free: release the
 * memory as well. */
void listing_sort_clear(struct listing_sort *s);

/* Get an empty buffer, with room for a line, for listing_sort_add(); it is
 * valid until then.  0 or -ENOMEM. */
int listing_sort_line(struct listing_sort *s, struct buffer *line) MUST_CHECK;

/* Keep that line.  Smaller ranks come first; names decide between equals.  0 or
 * -ENOMEM. */
int listing_sort_add(struct listing_sort *s, const struct buffer *line,
	struct listing_name name, uint64_t rank) MUST_CHECK;

/* The ranks of the newest first, and of the largest.  Times before 1698 and
 * after 2242 are all the same. */
uint64_t listing_sort_newest(const struct stat *st);
uint64_t listing_sort_largest(const struct stat *st);

/* Sort the entries, ascending or reversed.  0, or -ENOMEM: then it comes in the
 * order in which it was added. */
int listing_sort_finish(struct listing_sort *s, bool reverse) MUST_CHECK;

/* The line at the front: 1, or 0 at the end; it stays there until the next. */
int listing_sort_peek(const struct listing_sort *s, const char **line,
	size_t *len);
void listing_sort_next(struct listing_sort *s);

#endif
