/*
 * frequency.c - limits the frequency of events per address.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/frequency.h"

#include "daemon/master_memory.h"
#include "daemon/state/state.h"

#include <sys/random.h>

#define PLACES 2048	/* a power of two */
#define WAYS   4	/* addresses at each */

struct entry {
	struct address_prefix prefix;
	int64_t last;		/* when it happened; 0: free */
	int64_t left;		/* then */
};

struct frequency {
	uint64_t seed;
	struct entry entries[PLACES][WAYS];
};

struct frequency *
frequency_new(void)
{
	struct frequency *f = master_memory_new(sizeof(*f));

	/* Without it the table works, but its order can be predicted. */
	if (f != NULL)
		(void)!getrandom(&f->seed, sizeof(f->seed), GRND_NONBLOCK);
	return f;
}

void
frequency_free(struct frequency *f)
{
	master_memory_free(f);
}

static struct entry *
find_or_replace(struct frequency *f, const struct address_prefix *prefix)
{
	struct entry *ways = f->entries[address_prefix_hash(prefix, f->seed) &
		(PLACES - 1)];
	struct entry *oldest = &ways[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (ways[i].last != 0 &&
		    address_prefix_same(&ways[i].prefix, prefix))
			return &ways[i];
		if (ways[i].last < oldest->last)
			oldest = &ways[i];
	}
	*oldest = (struct entry){ .prefix = *prefix };
	return oldest;
}

bool
frequency_allows(struct frequency *f, const struct address_prefix *prefix,
	int64_t limit, int64_t ms, int64_t now)
{
	if (limit <= 0)
		return true;
	struct entry *e = find_or_replace(f, prefix);
	int64_t passed = now - e->last;

	/* An event costs `ms` units, and each millisecond adds `limit` units:
	 * this avoids rounding errors. */
	if (e->last == 0 || passed >= ms)
		e->left = limit * ms;
	else if (passed > 0)
		e->left += passed * limit;
	if (e->left > limit * ms)
		e->left = limit * ms;
	e->last = now;
	if (e->left < ms)
		return false;
	e->left -= ms;
	return true;
}

void
frequency_save(const struct frequency *f, struct state_writer *w)
{
	uint64_t count = 0;

	for (size_t i = 0; i < PLACES; i++)
		for (size_t way = 0; way < WAYS; way++)
			count += f->entries[i][way].last != 0;
	STATE_PUT(w, count);
	for (size_t i = 0; i < PLACES; i++)
		for (size_t way = 0; way < WAYS; way++)
			if (f->entries[i][way].last != 0)
				STATE_PUT(w, f->entries[i][way]);
}

void
frequency_restore(struct frequency *f, struct state_reader *r)
{
	size_t count = state_get_count(r, PLACES * WAYS);

	while (count-- > 0) {
		struct entry e;

		STATE_GET(r, e);
		if (state_error(r) < 0)
			return;
		*find_or_replace(f, &e.prefix) = e;
	}
}
