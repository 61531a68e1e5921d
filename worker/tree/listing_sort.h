/*
 * listing_sort.h - sorts the lines of a listing by name, or by time or size for
 * LIST -t and -S.  For listing_*.c only.
 *
 * Complete lines are stored, not names, because formatting a line is cheapest
 * while its directory is being read.
 */
#ifndef WORKER_TREE_LISTING_SORT_H
#define WORKER_TREE_LISTING_SORT_H

#include "common/base.h"
#include "common/buffer.h"

struct stat;

struct listing_sort {
	struct listing_sort_item *items;
	size_t count, room;
	char *text;		/* all lines, each preceded by its length */
	size_t text_len, text_room;
	size_t at;		/* items already returned */
	bool by_rank;		/* the ranks differ */
	bool reverse;
};

/* The position of the name in a line. */
struct listing_name {
	size_t at, len;		/* at most 65535 and 255 */
};

/* Remove all entries, and release the memory.  A zeroed struct is empty. */
void listing_sort_clear(struct listing_sort *s);

/* Get an empty buffer, with room for a line, for listing_sort_add(); it is
 * valid until then.  0 or -ENOMEM. */
int listing_sort_line(struct listing_sort *s, struct buffer *line) MUST_CHECK;

/* Add that line.  Lines with a smaller rank come first, those with the same
 * rank are sorted by name.  0 or -ENOMEM. */
int listing_sort_add(struct listing_sort *s, const struct buffer *line,
	struct listing_name name, uint64_t rank) MUST_CHECK;

/* The ranks for newest first, and for largest first.  Times before 1698 and
 * after 2242 are all the same. */
uint64_t listing_sort_newest(const struct stat *st);
uint64_t listing_sort_largest(const struct stat *st);

/* Sort the entries, ascending or reversed.  0; or -ENOMEM, then the lines
 * remain in the order in which they were added. */
int listing_sort_finish(struct listing_sort *s, bool reverse) MUST_CHECK;

/* Get the first line: 1, or 0 at the end.  It remains the first until
 * listing_sort_next(). */
int listing_sort_peek(const struct listing_sort *s, const char **line,
	size_t *len);
void listing_sort_next(struct listing_sort *s);

#endif
