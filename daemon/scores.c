/*
 * scores.c - counts failures by address and decides when to ban it.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/scores.h"

#include <sys/random.h>

#define PLACES 1024	/* a power of two */
#define WAYS   4	/* prefixes at each */

/* Enough to double any time beyond any max_time. */
#define MAX_BANS 32

struct entry {
	struct address_prefix prefix;
	bool used;
	int64_t score;
	int64_t last;		/* when it was valid */
	int64_t banned_until;	/* the end of the last ban */
	int bans;
	size_t next;		/* guess to be replaced */
	struct guess guesses[SCORES_GUESSES];
};

struct scores {
	uint64_t seed;
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
	uint64_t h = s->seed;

	for (size_t i = 0; i < sizeof(prefix->bytes); i++) {
		h = (h ^ prefix->bytes[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 33;
	}
	return s->entries[h & (PLACES - 1)];
}

static struct entry *
find(struct scores *s, const struct address_prefix *prefix)
{
	struct entry *ways = ways_of(s, prefix);

	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].used &&
		    address_prefix_same(&ways[i].prefix, prefix))
			return &ways[i];
	return NULL;
}

/* What a prefix that was banned may repeat matters more than any score. */
static bool
matters_less(const struct entry *a, const struct entry *b)
{
	if (a->used != b->used)
		return !a->used;
	return a->bans != b->bans ? a->bans < b->bans : a->score < b->score;
}

static struct entry *
find_or_replace(struct scores *s, const struct address_prefix *prefix)
{
	struct entry *found = find(s, prefix), *ways = ways_of(s, prefix);

	if (found != NULL)
		return found;
	found = &ways[0];
	for (size_t i = 1; i < WAYS; i++)
		if (matters_less(&ways[i], found))
			found = &ways[i];
	*found = (struct entry){ .prefix = *prefix, .used = true };
	return found;
}

static void
decay(struct entry *e, const struct scores_rules *rules, int64_t now)
{
	int64_t full = rules->limit * SCORES_LOGIN;
	int64_t passed = now - e->last;

	/* A reload may have lowered the limit. */
	if (e->score > full)
		e->score = full;
	if (passed >= rules->window)
		e->score = 0;
	else if (passed > 0)
		e->score -= passed * full / rules->window;
	if (e->score < 0)
		e->score = 0;
	e->last = now;
	if (now - e->banned_until > rules->max_time)
		e->bans = 0;
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
ban_time(struct entry *e, const struct scores_rules *rules, int64_t now)
{
	int64_t time = rules->time;

	for (int i = 0; i < e->bans && time < rules->max_time; i++)
		time *= 2;
	if (time > rules->max_time)
		time = rules->max_time;
	if (e->bans < MAX_BANS)
		e->bans++;
	e->score = 0;
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
	struct entry *e = find_or_replace(s, prefix);
	int64_t full = rules->limit * SCORES_LOGIN;

	decay(e, rules, now);
	if (is_repeated(e, guess))
		return 0;
	e->score += cost < full ? cost : full;
	/* It has decayed a little since the first failure. */
	return e->score >= full - SCORES_LOGIN / 2 ?
	    ban_time(e, rules, now) : 0;
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
		e->score -= e->score < SCORES_LOGIN ? e->score : SCORES_LOGIN;
	}
}

void
scores_forget(struct scores *s, const struct address_prefix *prefix)
{
	struct entry *e = find(s, prefix);

	if (e != NULL)
		*e = (struct entry){ 0 };
}
