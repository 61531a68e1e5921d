/*
 * share.c - shares a limit out among the sessions that move data.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/rates/share.h"

#define ROUNDS	   4	/* iterations that redistribute unused shares */
#define BEGINNERS  8	/* that may begin between two rounds */
#define OWED_MS	   2000	/* limit of the excess that is remembered */
#define CATCH_UP_MS 250

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* a * b / c, where the product may be too large: a limit may be a terabyte a
 * second. */
static int64_t
scale(int64_t a, int64_t b, int64_t c)
{
	return a / c * b + a % c * b / c;
}

/* The credible part of the bytes that a session reports: a compromised session
 * must not reduce the share of others. */
static int64_t
believed(const struct share *s, int64_t ms)
{
	int64_t possible = s->rate == SHARE_UNLIMITED ? s->used :
		scale(2 * s->rate, ms, 1000);

	return least(s->used, possible);
}

static void
settle(struct share_pool *pool, const struct share *shares, size_t n,
	int64_t ms, size_t active)
{
	int64_t owed = pool->owed - scale(pool->limit, ms, 1000);

	for (size_t i = 0; i < n; i++)
		owed += believed(&shares[i], ms);
	int64_t floor = active == 0 ? 0 :
		-scale(pool->limit, CATCH_UP_MS, 1000);
	pool->owed = least(most(owed, floor),
		scale(pool->limit, OWED_MS, 1000));
}

/* The demand in bytes per second: unlimited if it used most of its share. */
static int64_t
demand(const struct share *s, int64_t fair, int64_t ms)
{
	if (s->fresh || s->rate == SHARE_UNLIMITED)
		return SHARE_UNLIMITED;
	int64_t used = scale(believed(s, ms), 1000, ms);
	if (used >= s->rate / 8 * 7)
		return SHARE_UNLIMITED;
	return most(used + used / 4, fair / 8);
}

/* The share of all with a higher demand, after the others got theirs. */
static int64_t
find_level(const struct share *shares, size_t n, int64_t rate, int64_t fair,
	int64_t ms)
{
	int64_t level = fair;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t left = rate, hungry = 0;

		for (size_t i = 0; i < n; i++) {
			if (!shares[i].active)
				continue;
			int64_t wants = demand(&shares[i], fair, ms);
			if (wants <= level)
				left -= wants;
			else
				hungry++;
		}
		if (hungry == 0)
			return level;
		level = most(left / hungry, 1);
	}
	return level;
}

static size_t
count_active(const struct share *shares, size_t n)
{
	size_t active = 0;

	for (size_t i = 0; i < n; i++)
		active += shares[i].active;
	return active;
}

void
share_out(struct share_pool *pool, struct share *shares, size_t n, int64_t ms)
{
	size_t active = count_active(shares, n);
	size_t others = n - active < BEGINNERS ? n - active : BEGINNERS;

	settle(pool, shares, n, ms, active);
	int64_t rate = most(pool->limit - pool->owed, pool->limit / 8);
	int64_t fair = rate / (int64_t)most((int64_t)active, 1);
	int64_t level = find_level(shares, n, rate, fair, ms);
	int64_t first = most(rate / (int64_t)most((int64_t)(active + others),
		1), 1);

	for (size_t i = 0; i < n; i++) {
		struct share *s = &shares[i];

		if (s->active)
			s->rate = most(least(demand(s, fair, ms), level), 1);
		else
			s->rate = first;
	}
}
