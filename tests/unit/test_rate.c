/*
 * test_rate.c - the token bucket of one session, with a simulated clock.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "worker/rate.h"

const char *const unit_name = "rate";

#define SECOND INT64_C(1000000000)
#define MS     INT64_C(1000000)
#define START  (1000 * SECOND)

/* Move all that may be moved for ten seconds, in pieces of at most `most`,
 * waking `late` after the bucket says so.  The bytes. */
static int64_t
run(struct rate *r, size_t most, int64_t late)
{
	int64_t now = START, moved = 0;

	r->paid = START;
	while (now < START + 10 * SECOND) {
		size_t n = rate_room(r, most, now);
		if (n == 0) {
			now = rate_due(r) * MS + late;
			continue;
		}
		rate_moved(r, n, now);
		moved += (int64_t)n;
		now += 1000;	/* it takes time, too */
	}
	return moved;
}

/* Within a hundredth, from 10 kB/s to 1 GB/s, also where this process is woken
 * up to 50 ms late. */
static void
test_exact(void)
{
	static const int64_t limits[] = { 10000, 33333, 1000000, 50000000,
		1000000000, INT64_C(10000000000) };

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		for (int64_t late = 0; late <= 50 * MS; late += 25 * MS) {
			struct rate r = { 0 };

			rate_set(&r, limits[i]);
			int64_t moved = run(&r, (size_t)64 << 20, late);
			CU_ASSERT(moved <= limits[i] * 10 + limits[i] / 10);
			CU_ASSERT(moved >= limits[i] * 10 - limits[i] / 10);
		}
}

static void
test_no_limit(void)
{
	struct rate r = { 0 };

	CU_ASSERT_EQUAL(rate_room(&r, 12345, START), 12345);
	rate_moved(&r, 12345, START);
	CU_ASSERT_EQUAL(rate_room(&r, 12345, START), 12345);
	rate_set(&r, -1);
	CU_ASSERT_EQUAL(rate_room(&r, 12345, START), 12345);
	rate_set(&r, INT64_MAX);
	CU_ASSERT_EQUAL(rate_room(&r, 12345, START), 12345);
}

/* A byte a second is a byte a second. */
static void
test_slowest(void)
{
	struct rate r = { 0 };

	rate_set(&r, 1);
	int64_t moved = run(&r, 1000, 0);
	CU_ASSERT(moved >= 9 && moved <= 11);
}

/* After a wait for the client not all that was missed comes at once. */
static void
test_catching_up(void)
{
	struct rate r = { .paid = START };

	rate_set(&r, 1000000);
	CU_ASSERT(rate_room(&r, 1 << 24, START + 60 * SECOND) <= 250000);
	rate_moved(&r, 250000, START + 60 * SECOND);
	CU_ASSERT(rate_room(&r, 1 << 24, START + 60 * SECOND) <= 20000);
}

CU_TestInfo unit_tests[] = {
	{ "the bytes of ten seconds are exact to 1 %", test_exact },
	{ "no limit", test_no_limit },
	{ "the lowest limit", test_slowest },
	{ "catching up is bounded", test_catching_up },
	CU_TEST_INFO_NULL,
};
