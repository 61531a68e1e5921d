/*
 * listing_sort.c - sorts entries.
 *
 * Runs in: session.
 *
 * The C library's qsort() uses a system call that the session does not need
 * otherwise (sysinfo), and may need as much memory as it sorts.  A heap sort
 * needs none, and has no bad case.
 */
#include "common/base.h"
#include "worker/tree/listing_sort.h"

struct listing_sort_item {
	struct listing_key key;
	size_t name;		/* offset in names, which may be moved */
	unsigned char type;
};

void
listing_sort_clear(struct listing_sort *s)
{
	free(s->items);
	free(s->names);
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
listing_sort_add(struct listing_sort *s, const struct listing_entry *entry,
	struct listing_key key)
{
	size_t len = strlen(entry->name) + 1;

	if (grow(&s->items, &s->room, s->count, 1, sizeof(*s->items)) < 0 ||
	    grow(&s->names, &s->names_room, s->names_len, len, 1) < 0)
		return -ENOMEM;
	s->items[s->count++] = (struct listing_sort_item){ key, s->names_len,
		entry->type };
	memcpy(s->names + s->names_len, entry->name, len);
	s->names_len += len;
	return 0;
}

/* Does item a come before item b? */
static bool
before(const struct listing_sort *s, size_t a, size_t b)
{
	const struct listing_sort_item *x = &s->items[a], *y = &s->items[b];

	if (x->key.number != y->key.number)
		return x->key.number > y->key.number;
	if (x->key.fraction != y->key.fraction)
		return x->key.fraction > y->key.fraction;
	return strcmp(s->names + x->name, s->names + y->name) < 0;
}

static void
swap(struct listing_sort *s, size_t a, size_t b)
{
	struct listing_sort_item item = s->items[a];

	s->items[a] = s->items[b];
	s->items[b] = item;
}

/* Move the item at the top of a heap of `count` down to its position; the
 * heap's first item is the last in order. */
static void
sink(struct listing_sort *s, size_t top, size_t count)
{
	for (;;) {
		size_t child = 2 * top + 1;
		if (child >= count)
			return;
		if (child + 1 < count && before(s, child, child + 1))
			child++;
		if (!before(s, top, child))
			return;
		swap(s, top, child);
		top = child;
	}
}

void
listing_sort_finish(struct listing_sort *s, bool reverse)
{
	for (size_t top = s->count / 2; top-- > 0;)
		sink(s, top, s->count);
	for (size_t count = s->count; count > 1; count--) {
		swap(s, 0, count - 1);
		sink(s, 0, count - 1);
	}
	s->reverse = reverse;
	s->at = 0;
}

int
listing_sort_peek(const struct listing_sort *s, struct listing_entry *entry)
{
	if (s->at == s->count)
		return 0;
	size_t i = s->reverse ? s->count - 1 - s->at : s->at;
	*entry = (struct listing_entry){ s->names + s->items[i].name,
		s->items[i].type };
	return 1;
}

void
listing_sort_next(struct listing_sort *s)
{
	s->at++;
}
