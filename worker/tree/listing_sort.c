/*
 * listing_sort.c - sorts the lines of a listing.
 *
 * Runs in: session.
 *
 * qsort() is not used: glibc's makes a system call (sysinfo) that the session
 * does not need otherwise, and calls a function for every comparison.  This is
 * a natural merge sort, because directories are often partly sorted.
 */
#include "common/base.h"
#include "worker/tree/listing_sort.h"

#include "worker/tree/listing_request.h"

#include <endian.h>

#define SHORTEST_RUN 12
#define RUNS_MAX     64		/* enough for any count, see add_run() */

/* Small, because sorting moves these structs. */
struct listing_sort_item {
	uint64_t rank;		/* smaller first, then names */
	uint32_t line;		/* offset in the text */
	uint16_t name_at;	/* offset in the line */
	uint8_t name_len;
};

typedef uint16_t line_length;	/* before each line */

void
listing_sort_clear(struct listing_sort *s)
{
	free(s->items);
	free(s->text);
	*s = (struct listing_sort){ 0 };
}

/* Ensure space for `need` more elements of `size` bytes after `used`. */
static int
grow(void *array, size_t *room, size_t used, size_t need, size_t size)
{
	void **at = array, *bigger;
	size_t wanted = *room < 64 ? 64 : *room;

	if (*room - used >= need)
		return 0;
	while (wanted - used < need)
		if (__builtin_mul_overflow(wanted, 2, &wanted))
			return -ENOMEM;
	bigger = reallocarray(*at, wanted, size);
	if (bigger == NULL)
		return -ENOMEM;
	*at = bigger;
	*room = wanted;
	return 0;
}

int
listing_sort_line(struct listing_sort *s, struct buffer *line)
{
	size_t need = sizeof(line_length) + LISTING_LINE_MAX + 1;

	if (s->text_len > UINT32_MAX - need ||
	    grow(&s->text, &s->text_room, s->text_len, need, 1) < 0)
		return -ENOMEM;
	buffer_init(line, s->text + s->text_len + sizeof(line_length),
		LISTING_LINE_MAX + 1);
	return 0;
}

int
listing_sort_add(struct listing_sort *s, const struct buffer *line,
	struct listing_name name, uint64_t rank)
{
	line_length len = (line_length)line->len;

	if (grow(&s->items, &s->room, s->count, 1, sizeof(*s->items)) < 0)
		return -ENOMEM;
	memcpy(s->text + s->text_len, &len, sizeof(len));
	s->text_len += sizeof(len);
	s->items[s->count++] = (struct listing_sort_item){
		.rank = rank,
		.line = (uint32_t)s->text_len,
		.name_at = (uint16_t)name.at,
		.name_len = (uint8_t)name.len,
	};
	s->text_len += len;
	s->by_rank |= rank != s->items[0].rank;
	return 0;
}

#define SECONDS_MAX (INT64_C(1) << 33)

uint64_t
listing_sort_newest(const struct stat *st)
{
	int64_t seconds = st->st_mtim.tv_sec;

	if (seconds < -SECONDS_MAX)
		seconds = -SECONDS_MAX;
	if (seconds >= SECONDS_MAX)
		seconds = SECONDS_MAX - 1;
	return ~((uint64_t)(seconds + SECONDS_MAX) << 30 |
		(uint64_t)st->st_mtim.tv_nsec);
}

uint64_t
listing_sort_largest(const struct stat *st)
{
	return ~(uint64_t)(st->st_size < 0 ? 0 : st->st_size);
}

/* --- by name only: the rank is taken from the names */

static const char *
name_of(const struct listing_sort *s, const struct listing_sort_item *item)
{
	return s->text + item->line + item->name_at;
}

static size_t
common_prefix(const struct listing_sort *s)
{
	const char *one = name_of(s, &s->items[0]);
	size_t len = s->items[0].name_len;

	for (size_t i = 1; i < s->count; i++) {
		const char *name = name_of(s, &s->items[i]);
		size_t n = 0;
		if (len > s->items[i].name_len)
			len = s->items[i].name_len;
		while (n < len && name[n] == one[n])
			n++;
		len = n;
	}
	return len;
}

/* The rank is the first eight bytes after the prefix that all names share, as a
 * big-endian number. */
static void
rank_names(struct listing_sort *s)
{
	size_t prefix = common_prefix(s);

	for (size_t i = 0; i < s->count; i++) {
		struct listing_sort_item *item = &s->items[i];
		size_t len = item->name_len - prefix;
		uint64_t bytes = 0;
		memcpy(&bytes, name_of(s, item) + prefix,
			len < sizeof(bytes) ? len : sizeof(bytes));
		item->rank = be64toh(bytes);
	}
}

/* --- sorting */

static bool
names_before(const struct listing_sort *s, const struct listing_sort_item *x,
	const struct listing_sort_item *y)
{
	size_t len = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order = memcmp(name_of(s, x), name_of(s, y), len);

	return order != 0 ? order < 0 : x->name_len < y->name_len;
}

static bool
before(const struct listing_sort *s, const struct listing_sort_item *x,
	const struct listing_sort_item *y)
{
	return x->rank != y->rank ? x->rank < y->rank : names_before(s, x, y);
}

static void
reverse(struct listing_sort_item *items, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct listing_sort_item item = items[i];
		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

/* Insertion sort of items[sorted] and the following ones. */
static void
insert(const struct listing_sort *s, struct listing_sort_item *items,
	size_t sorted, size_t count)
{
	for (; sorted < count; sorted++) {
		struct listing_sort_item item = items[sorted];
		size_t at = sorted;
		for (; at > 0 && before(s, &item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* The length of the sorted run at `start`.  A descending run is reversed, and a
 * short one is extended to SHORTEST_RUN by insertion. */
static size_t
find_run(struct listing_sort *s, size_t start)
{
	struct listing_sort_item *items = s->items + start;
	size_t left = s->count - start, count = 1;

	if (left > 1 && before(s, &items[1], &items[0])) {
		while (count < left && before(s, &items[count],
			&items[count - 1]))
			count++;
		reverse(items, count);
	} else {
		while (count < left && !before(s, &items[count],
			&items[count - 1]))
			count++;
	}
	if (count >= SHORTEST_RUN || count == left)
		return count;
	if (left > SHORTEST_RUN)
		left = SHORTEST_RUN;
	insert(s, items, count, left);
	return left;
}

/* Merge two adjacent runs; `spare` holds a copy of the first. */
static void
merge_up(const struct listing_sort *s, struct listing_sort_item *items,
	size_t first, size_t both, struct listing_sort_item *spare)
{
	const struct listing_sort_item *left = spare, *end = spare + first;
	const struct listing_sort_item *right = items + first;
	const struct listing_sort_item *right_end = items + both;

	memcpy(spare, items, first * sizeof(*items));
	while (left < end && right < right_end)
		*items++ = before(s, right, left) ? *right++ : *left++;
	memcpy(items, left, (size_t)(end - left) * sizeof(*items));
}

/* The same from the end; `spare` holds a copy of the second. */
static void
merge_down(const struct listing_sort *s, struct listing_sort_item *items,
	size_t first, size_t both, struct listing_sort_item *spare)
{
	size_t left = first, right = both - first, to = both;

	memcpy(spare, items + first, right * sizeof(*items));
	while (left > 0 && right > 0) {
		if (before(s, &spare[right - 1], &items[left - 1]))
			items[--to] = items[--left];
		else
			items[--to] = spare[--right];
	}
	memcpy(items, spare, right * sizeof(*items));
}

struct runs {
	size_t starts[RUNS_MAX + 1];	/* and the end of the last one */
	size_t count;
	struct listing_sort_item *spare;
};

static size_t
length(const struct runs *r, size_t i)
{
	return r->starts[i + 1] - r->starts[i];
}

static void
merge_last(struct listing_sort *s, struct runs *r)
{
	size_t i = r->count - 2;

	size_t first = length(r, i), both = r->starts[i + 2] - r->starts[i];
	struct listing_sort_item *items = s->items + r->starts[i];

	if (first <= both - first)
		merge_up(s, items, first, both, r->spare);
	else
		merge_down(s, items, first, both, r->spare);
	r->starts[i + 1] = r->starts[i + 2];
	r->count--;
}

/* Invariant: each run is more than twice as long as the next.  So there are at
 * most log2(n) runs, and each item takes part in few merges. */
static void
add_run(struct listing_sort *s, struct runs *r, size_t len)
{
	r->count++;
	r->starts[r->count] = r->starts[r->count - 1] + len;
	while (r->count > 1 && length(r, r->count - 2) <=
		2 * length(r, r->count - 1))
		merge_last(s, r);
}

int
listing_sort_finish(struct listing_sort *s, bool reversed)
{
	struct runs runs = { .count = 0 };

	s->reverse = reversed;
	s->at = 0;
	if (s->count < 2)
		return 0;
	/* for the shorter one of two runs */
	runs.spare = reallocarray(NULL, s->count / 2, sizeof(*runs.spare));
	if (runs.spare == NULL)
		return -ENOMEM;
	if (!s->by_rank)
		rank_names(s);
	while (runs.starts[runs.count] < s->count)
		add_run(s, &runs, find_run(s, runs.starts[runs.count]));
	while (runs.count > 1)
		merge_last(s, &runs);
	free(runs.spare);
	return 0;
}

int
listing_sort_peek(const struct listing_sort *s, const char **line, size_t *len)
{
	line_length length;

	if (s->at == s->count)
		return 0;
	size_t i = s->reverse ? s->count - 1 - s->at : s->at;
	*line = s->text + s->items[i].line;
	memcpy(&length, *line - sizeof(length), sizeof(length));
	*len = length;
	return 1;
}

void
listing_sort_next(struct listing_sort *s)
{
	s->at++;
}
