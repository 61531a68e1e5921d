/*
 * penalty.c - refuses addresses for a time after failures.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/penalty.h"

#include "daemon/state.h"

struct entry {
	struct address_prefix prefix;
	int64_t until;		/* when its time has expired */
	bool refused;		/* the penalty has exceeded the grace since
				 * then */
};

/* Entries 0..count-1 are in use, in no order.  A linear search takes less time
 * than the fork for each accepted client. */
struct penalties {
	size_t count;
	struct entry entries[PENALTY_ENTRIES];
};

struct penalties *
penalty_new(void)
{
	return calloc(1, sizeof(struct penalties));
}

void
penalty_free(struct penalties *p)
{
	free(p);
}

int64_t
penalty_cost(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_LOGIN_TIMEOUT:
		return 5000;
	case OUTCOME_VIOLATION:
	case OUTCOME_SANDBOX:
	case OUTCOME_CRASH:
		return 60000;
	default:
		return 0;
	}
}

static const struct entry *
find(const struct penalties *p, const struct address_prefix *prefix)
{
	for (size_t i = 0; i < p->count; i++)
		if (address_prefix_same(&p->entries[i].prefix, prefix))
			return &p->entries[i];
	return NULL;
}

static void
drop_expired(struct penalties *p, int64_t now)
{
	for (size_t i = p->count; i-- > 0;)
		if (p->entries[i].until <= now)
			p->entries[i] = p->entries[--p->count];
}

static struct entry *
least(struct penalties *p)
{
	struct entry *found = &p->entries[0];

	for (size_t i = 1; i < p->count; i++)
		if (p->entries[i].until < found->until)
			found = &p->entries[i];
	return found;
}

static struct entry *
find_or_make(struct penalties *p, const struct address_prefix *prefix,
	int64_t now)
{
	for (size_t i = 0; i < p->count; i++)
		if (address_prefix_same(&p->entries[i].prefix, prefix))
			return &p->entries[i];

	struct entry *e = p->count < PENALTY_ENTRIES ?
	    &p->entries[p->count++] : least(p);
	*e = (struct entry){ .prefix = *prefix, .until = now };
	return e;
}

bool
penalty_add(struct penalties *p, const struct address_prefix *prefix,
	int64_t cost, int64_t most, int64_t now)
{
	if (cost == 0 || most <= 0)
		return false;
	drop_expired(p, now);

	struct entry *e = find_or_make(p, prefix, now);
	e->until += cost;
	if (e->until - now > most)
		e->until = now + most;

	/* A maximum below the grace would disable penalties. */
	int64_t grace = most < PENALTY_GRACE_MS ? most - 1 : PENALTY_GRACE_MS;
	bool before = e->refused;
	e->refused = before || e->until - now > grace;
	return e->refused && !before;
}

bool
penalty_holds(const struct penalties *p, const struct address_prefix *prefix,
	int64_t now)
{
	const struct entry *e = find(p, prefix);

	return e != NULL && e->refused && now < e->until;
}

int64_t
penalty_owed(const struct penalties *p, const struct address_prefix *prefix,
	int64_t now)
{
	const struct entry *e = find(p, prefix);

	return e == NULL || e->until <= now ? 0 : e->until - now;
}

size_t
penalty_count(const struct penalties *p)
{
	return p->count;
}

void
penalty_save(const struct penalties *p, struct state_writer *w)
{
	uint64_t count = p->count;

	STATE_PUT(w, count);
	state_put(w, p->entries, p->count * sizeof(p->entries[0]));
}

void
penalty_restore(struct penalties *p, struct state_reader *r)
{
	p->count = state_get_count(r, PENALTY_ENTRIES);
	state_get(r, p->entries, p->count * sizeof(p->entries[0]));
}
