/*
 * test_share.c - how a limit is divided, round by round, among simulated
 * sessions.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/rates/share.h"

const char *const unit_name = "share";

#define MS    100
#define LIMIT 1000000

struct played {
	int64_t can;		/* bytes a second that its client takes */
	int64_t moved;		/* in all */
};

/* A round: each session moves what it may and can, then shares are made. */
static void
play(struct share_pool *pool, struct share *s, struct played *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t rate = s[i].rate < p[i].can ? s[i].rate : p[i].can;
		bool before = s[i].active;

		s[i].used = rate * MS / 1000;
		s[i].active = p[i].can > 0;
		s[i].fresh = s[i].active && !before;
		p[i].moved += s[i].used;
	}
	share_out(pool, s, n, MS);
}

static int64_t
play_for(struct share_pool *pool, struct share *s, struct played *p, size_t n,
	int rounds)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		p[i].moved = 0;
	for (int i = 0; i < rounds; i++)
		play(pool, s, p, n);
	for (size_t i = 0; i < n; i++)
		sum += p[i].moved;
	return sum;
}

static bool
about(int64_t a, int64_t b)
{
	return a > b - b / 50 && a < b + b / 50;
}

#define ALL INT64_C(1000000000)

static void
test_equal(void)
{
	struct share_pool pool = { .limit = LIMIT };
	struct share s[4] = { { .rate = LIMIT / 4 }, { .rate = LIMIT / 4 },
		{ .rate = LIMIT / 4 }, { .rate = LIMIT / 4 } };
	struct played p[4] = { { ALL, 0 }, { ALL, 0 }, { ALL, 0 }, { ALL, 0 } };

	CU_ASSERT(about(play_for(&pool, s, p, 4, 100), 10 * LIMIT));
	for (int i = 0; i < 4; i++)
		CU_ASSERT(about(p[i].moved, 10 * LIMIT / 4));
}

/* What a slow client leaves, the others get; when it can take more, it gets its
 * part again. */
static void
test_slow_client(void)
{
	struct share_pool pool = { .limit = LIMIT };
	struct share s[3] = { { .rate = LIMIT / 3 }, { .rate = LIMIT / 3 },
		{ .rate = LIMIT / 3 } };
	struct played p[3] = { { 50000, 0 }, { ALL, 0 }, { ALL, 0 } };

	(void)play_for(&pool, s, p, 3, 20);
	CU_ASSERT(about(play_for(&pool, s, p, 3, 100), 10 * LIMIT));
	CU_ASSERT(about(p[0].moved, 500000));
	CU_ASSERT(about(p[1].moved, 4750000));
	p[0].can = ALL;
	(void)play_for(&pool, s, p, 3, 20);
	CU_ASSERT(about(play_for(&pool, s, p, 3, 100), 10 * LIMIT));
	for (int i = 0; i < 3; i++)
		CU_ASSERT(about(p[i].moved, 10 * LIMIT / 3));
}

/* Sessions come and go; what the newcomers move at first is paid back. */
static void
test_coming_and_going(void)
{
	enum { N = 20 };
	struct share_pool pool = { .limit = LIMIT };
	struct share s[N];
	struct played p[N];

	for (int i = 0; i < N; i++) {
		s[i] = (struct share){ .rate = LIMIT / N };
		p[i] = (struct played){ 0, 0 };
	}
	p[0].can = ALL;
	(void)play_for(&pool, s, p, N, 10);
	CU_ASSERT(about(play_for(&pool, s, p, N, 100), 10 * LIMIT));
	for (int i = 1; i < N; i++)
		p[i].can = ALL;
	CU_ASSERT(about(play_for(&pool, s, p, N, 100), 10 * LIMIT));
	for (int i = 1; i < N; i++)
		p[i].can = 0;
	CU_ASSERT(about(play_for(&pool, s, p, N, 100), 10 * LIMIT));
}

/* A session that was taken over cannot starve the others, whatever it says. */
static void
test_liar(void)
{
	struct share_pool pool = { .limit = LIMIT };
	struct share s[2] = { { .rate = LIMIT / 2, .active = true },
		{ .rate = LIMIT / 2, .active = true } };

	for (int i = 0; i < 100; i++) {
		s[0].used = INT64_MAX / 4;
		s[1].used = s[1].rate * MS / 1000;
		share_out(&pool, s, 2, MS);
		CU_ASSERT(s[1].rate >= LIMIT / 16);
	}
}

/* The largest limit and the longest pause, without an overflow. */
static void
test_extremes(void)
{
	struct share_pool pool = { .limit = INT64_C(1) << 40 };
	struct share s[2] = { { .rate = SHARE_UNLIMITED, .active = true },
		{ .rate = 1 } };

	s[0].used = INT64_MAX / 4;
	share_out(&pool, s, 2, 86400000);
	CU_ASSERT(s[0].rate > 0 && s[1].rate > 0);
	pool.limit = 1;
	share_out(&pool, s, 2, 1);
	CU_ASSERT(s[0].rate > 0 && s[1].rate > 0);
}

/* A false report of any size only costs its session's share: it does not appear
 * as one of a session that needs little. */
static void
test_huge_report(void)
{
	for (int64_t used = INT64_C(1) << 50; used < INT64_MAX / 2;
	     used += used / 3) {
		struct share_pool pool = { .limit = LIMIT };
		struct share s[1] = { { .rate = LIMIT, .active = true,
			.used = used } };

		share_out(&pool, s, 1, MS);
		CU_ASSERT(s[0].rate >= LIMIT / 2);
	}
}

CU_TestInfo unit_tests[] = {
	{ "sessions that can use it get the same", test_equal },
	{ "unused shares are given to other sessions", test_slow_client },
	{ "the sum is kept while sessions start and end",
		test_coming_and_going },
	{ "a false report has little effect on others", test_liar },
	{ "extremes do not overflow", test_extremes },
	{ "nor does a huge report", test_huge_report },
	CU_TEST_INFO_NULL,
};
