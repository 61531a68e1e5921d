/*
 * bans.c - the addresses and networks that are refused, until when, and why.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/bans/bans.h"

#include "common/clock.h"
#include "daemon/state/state.h"

/* Entries 0..count-1 are in use, in no order. */
struct bans {
	size_t count;
	uint64_t changes;
	int64_t due;		/* the earliest end, or a moment before it */
	struct ban list[BANS_MAX];
};

struct bans *
bans_new(void)
{
	struct bans *b = calloc(1, sizeof(*b));

	if (b != NULL)
		b->due = CLOCK_NEVER;
	return b;
}

void
bans_free(struct bans *b)
{
	free(b);
}

static struct ban *
find_range(struct bans *b, const struct address_range *range)
{
	for (size_t i = 0; i < b->count; i++)
		if (address_range_same(&b->list[i].range, range))
			return &b->list[i];
	return NULL;
}

/* The automatic ban that ends first; NULL: all are manual. */
static struct ban *
least(struct bans *b)
{
	struct ban *found = NULL;

	for (size_t i = 0; i < b->count; i++)
		if (!b->list[i].manual &&
		    (found == NULL || b->list[i].until < found->until))
			found = &b->list[i];
	return found;
}

static void
remove_one(struct bans *b, struct ban *ban, struct ban *copy)
{
	b->changes++;
	*copy = *ban;
	*ban = b->list[--b->count];
}

bool
bans_has(struct bans *b, const struct address_range *range)
{
	return find_range(b, range) != NULL;
}

bool
bans_make_room(struct bans *b, const struct address_range *range,
	struct ban *ended)
{
	struct ban *ban = find_range(b, range) != NULL ||
	    b->count < BANS_MAX ? NULL : least(b);

	if (ban == NULL)
		return false;
	remove_one(b, ban, ended);
	return true;
}

int
bans_add(struct bans *b, const struct ban *ban)
{
	struct ban *place = find_range(b, &ban->range);

	if (place == NULL)
		place = b->count < BANS_MAX ? &b->list[b->count++] : least(b);
	if (place == NULL)
		return -ENOSPC;
	*place = *ban;
	b->changes++;
	b->due = clock_earlier(b->due, ban->until);
	return 0;
}

const struct ban *
bans_find(const struct bans *b, const struct address *a, int64_t now)
{
	for (size_t i = 0; i < b->count; i++)
		if (now < b->list[i].until &&
		    address_range_has(&b->list[i].range, a))
			return &b->list[i];
	return NULL;
}

bool
bans_lift(struct bans *b, const struct address_range *range,
	struct ban *lifted)
{
	struct ban *ban = find_range(b, range);

	if (ban == NULL)
		return false;
	remove_one(b, ban, lifted);
	return true;
}

bool
bans_ended(struct bans *b, struct ban *ended, int64_t now)
{
	if (now < b->due)
		return false;
	b->due = CLOCK_NEVER;
	for (size_t i = 0; i < b->count; i++) {
		if (b->list[i].until <= now) {
			remove_one(b, &b->list[i], ended);
			b->due = now;	/* there may be more */
			return true;
		}
		b->due = clock_earlier(b->due, b->list[i].until);
	}
	return false;
}

int64_t
bans_due(const struct bans *b)
{
	return b->due;
}

uint64_t
bans_changes(const struct bans *b)
{
	return b->changes;
}

const struct ban *
bans_get(const struct bans *b, size_t i)
{
	return i < b->count ? &b->list[i] : NULL;
}

void
bans_save(const struct bans *b, struct state_writer *w)
{
	uint64_t count = b->count;

	STATE_PUT(w, count);
	STATE_PUT(w, b->due);
	state_put(w, b->list, b->count * sizeof(b->list[0]));
}

/* It counts as changed, so that it replaces what is in the file. */
void
bans_restore(struct bans *b, struct state_reader *r)
{
	b->count = state_get_count(r, BANS_MAX);
	STATE_GET(r, b->due);
	state_get(r, b->list, b->count * sizeof(b->list[0]));
	b->changes++;
	for (size_t i = 0; i < b->count; i++)
		b->list[i].reason[BANS_REASON_SIZE - 1] = '\0';
}
