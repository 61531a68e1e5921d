/*
 * scores.c - counts failures by address and decides when to ban it.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/bans/scores.h"

#include "daemon/state/state.h"

#include <sys/random.h>

#define WAYS   4	/* prefixes at each place */
#define PLACES (SCORES_MAX / WAYS)	/* a power of two */

struct entry {
	struct score score;
	bool used;
	size_t next;		/* guess to be replaced */
	struct guess guesses[SCORES_GUESSES];
};

struct scores {
	uint64_t seed;
	uint64_t changes;
	struct entry entries[PLACES][WAYS];
};

struct scores *
scores_new(void)
{
	struct scores *s = calloc(1, sizeof(*s));

	/* Without it the table works, but its order can be predicted. */
	if (s != NULL)
		(void)!getrandom(&s->seed, sizeof(s->seed), GRND_NONBLOCK);
	return s;
}

void
scores_free(struct scores *s)
{
	free(s);
}

int64_t
scores_cost(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_TLS_FAILED:
		return SCORES_LOGIN / 4;
	case OUTCOME_LOGIN_TIMEOUT:
		return SCORES_LOGIN;
	case OUTCOME_VIOLATION:
	case OUTCOME_SANDBOX:
	case OUTCOME_CRASH:
		return SCORES_ALWAYS;
	default:
		return 0;
	}
}

static struct entry *
ways_of(struct scores *s, const struct address_prefix *prefix)
{
	return s->entries[address_prefix_hash(prefix, s->seed) & (PLACES - 1)];
}

static struct entry *
find(struct scores *s, const struct address_prefix *prefix)
{
	struct entry *ways = ways_of(s, prefix);

	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].used &&
		    address_prefix_same(&ways[i].score.prefix, prefix))
			return &ways[i];
	return NULL;
}

static void
decay(struct score *e, const struct scores_rules *rules, int64_t now)
{
	int64_t full = rules->limit * SCORES_LOGIN;
	int64_t passed = now - e->last;

	/* A reload may have lowered the limit. */
	if (e->value > full)
		e->value = full;
	if (passed >= rules->window)
		e->value = 0;
	else if (passed > 0)
		e->value -= passed * full / rules->window;
	if (e->value < 0)
		e->value = 0;
	e->last = now;
	if (now - e->banned_until > rules->max_time)
		e->bans = 0;
}

/* What it will still count for: nothing, once it is old enough.  Without rules
 * as it is. */
static struct score
worth(const struct entry *e, const struct scores_rules *rules, int64_t now)
{
	struct score score = e->score;

	if (rules != NULL)
		decay(&score, rules, now);
	return score;
}

/* Should a be replaced before b?  Bans matter more than the score, because each
 * one makes the next longer. */
static bool
matters_less(const struct entry *a, const struct entry *b,
	const struct scores_rules *rules, int64_t now)
{
	if (a->used != b->used)
		return !a->used;
	struct score of_a = worth(a, rules, now), of_b = worth(b, rules, now);
	return of_a.bans != of_b.bans ? of_a.bans < of_b.bans :
	    of_a.value < of_b.value;
}

static struct entry *
find_or_replace(struct scores *s, const struct address_prefix *prefix,
	const struct scores_rules *rules, int64_t now)
{
	struct entry *found = find(s, prefix), *ways = ways_of(s, prefix);

	if (found != NULL)
		return found;
	found = &ways[0];
	for (size_t i = 1; i < WAYS; i++)
		if (matters_less(&ways[i], found, rules, now))
			found = &ways[i];
	*found = (struct entry){ .score.prefix = *prefix, .used = true };
	return found;
}

/* Has it failed before?  If not, remember it. */
static bool
is_repeated(struct entry *e, const struct guess *guess)
{
	if (guess == NULL || guess->password == 0)
		return false;
	size_t place = SCORES_GUESSES;
	for (size_t i = 0; i < SCORES_GUESSES; i++) {
		if (e->guesses[i].user == guess->user &&
		    e->guesses[i].password == guess->password)
			return true;
		if (e->guesses[i].password == 0)
			place = i;
	}
	if (place == SCORES_GUESSES) {
		place = e->next;
		e->next = (e->next + 1) % SCORES_GUESSES;
	}
	e->guesses[place] = *guess;
	return false;
}

static int64_t
ban_time(struct score *e, const struct scores_rules *rules, int64_t now)
{
	int64_t time = rules->time;

	for (int i = 0; i < e->bans && time < rules->max_time; i++)
		time *= 2;
	if (time > rules->max_time)
		time = rules->max_time;
	if (e->bans < SCORES_MAX_BANS)
		e->bans++;
	e->value = 0;
	e->banned_until = now + time;
	return time;
}

int64_t
scores_add(struct scores *s, const struct address_prefix *prefix,
	const struct scores_rules *rules, int64_t cost,
	const struct guess *guess, int64_t now)
{
	if (cost <= 0 || rules->limit <= 0)
		return 0;
	struct entry *e = find_or_replace(s, prefix, rules, now);
	int64_t full = rules->limit * SCORES_LOGIN;

	decay(&e->score, rules, now);
	if (is_repeated(e, guess))
		return 0;
	s->changes++;
	e->score.value += cost < full ? cost : full;
	/* Half a failed login of tolerance: the score has decayed a little
	 * since the first failure. */
	return e->score.value >= full - SCORES_LOGIN / 2 ?
	    ban_time(&e->score, rules, now) : 0;
}

void
scores_login(struct scores *s, const struct address_prefix *prefix,
	uint64_t user)
{
	struct entry *e = find(s, prefix);

	for (size_t i = 0; e != NULL && i < SCORES_GUESSES; i++) {
		if (e->guesses[i].password == 0 || e->guesses[i].user != user)
			continue;
		e->guesses[i] = (struct guess){ 0 };
		e->score.value -= e->score.value < SCORES_LOGIN ?
		    e->score.value : SCORES_LOGIN;
		s->changes++;
	}
}

void
scores_forget(struct scores *s, const struct address_prefix *prefix)
{
	struct entry *e = find(s, prefix);

	if (e == NULL)
		return;
	*e = (struct entry){ 0 };
	s->changes++;
}

uint64_t
scores_changes(const struct scores *s)
{
	return s->changes;
}

bool
scores_next(const struct scores *s, size_t *at, struct score *score)
{
	const struct entry *all = &s->entries[0][0];

	while (*at < SCORES_MAX) {
		const struct entry *e = &all[(*at)++];

		if (!e->used)
			continue;
		*score = e->score;
		return true;
	}
	return false;
}

void
scores_put(struct scores *s, const struct score *score)
{
	const struct entry *known = find(s, &score->prefix);

	if (known != NULL && known->score.last > score->last)
		return;
	find_or_replace(s, &score->prefix, NULL, 0)->score = *score;
	s->changes++;
}

void
scores_save(const struct scores *s, struct state_writer *w)
{
	uint64_t count = 0;
	struct score score;

	for (size_t at = 0; scores_next(s, &at, &score);)
		count++;
	STATE_PUT(w, count);
	for (size_t at = 0; scores_next(s, &at, &score);)
		STATE_PUT(w, score);
}

void
scores_restore(struct scores *s, struct state_reader *r)
{
	size_t count = state_get_count(r, SCORES_MAX);

	while (count-- > 0) {
		struct score score;

		STATE_GET(r, score);
		if (score.bans < 0 || score.bans > SCORES_MAX_BANS)
			state_fail(r);
		if (state_error(r) < 0)
			return;
		scores_put(s, &score);
	}
}
