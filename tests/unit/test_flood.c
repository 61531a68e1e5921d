/*
 * test_flood.c - the limit of events per process.
 */
#include "common/base.h"

#include "common/log/flood.h"
#include "tests/unit/unit.h"

const char *const unit_name = "flood";

/* How many of n events are allowed at this time. */
static unsigned
allowed(struct flood *f, unsigned n, int64_t now)
{
	unsigned count = 0;

	while (n-- > 0)
		count += flood_allows(f, now);
	return count;
}

static void
test_burst(void)
{
	struct flood f;

	flood_init(&f, 10, FLOOD_BURST_SECONDS, 5000);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 5000), 200);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 5000), 0);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 5099), 0);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 5100), 1);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 7100), 20);
	/* Never more than the bucket holds, however long it was quiet. */
	CU_ASSERT_EQUAL(allowed(&f, 1000, 20000), 129);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 40000), 200);
	CU_ASSERT_EQUAL(allowed(&f, 1000, INT64_MAX), 200);
	/* Nor what it holds and what was added since. */
	flood_init(&f, 10, FLOOD_BURST_SECONDS, 5000);
	CU_ASSERT_EQUAL(allowed(&f, 1000, 15000), 200);
}

static void
test_rate(void)
{
	struct flood f;
	unsigned count = 0;

	flood_init(&f, 1000, FLOOD_BURST_SECONDS, 0);
	CU_ASSERT_EQUAL(allowed(&f, 100000, 0), 20000);
	/* Ten seconds, asked each millisecond. */
	for (int64_t now = 1; now <= 10000; now++)
		count += allowed(&f, 50, now);
	CU_ASSERT_EQUAL(count, 10000);
}

static void
test_no_limit(void)
{
	struct flood f;

	flood_init(&f, 0, FLOOD_BURST_SECONDS, 0);
	CU_ASSERT_EQUAL(allowed(&f, 100000, 0), 100000);
}

static void
test_clock_stands(void)
{
	struct flood f;

	flood_init(&f, 1, FLOOD_BURST_SECONDS, 1000);
	CU_ASSERT_EQUAL(allowed(&f, 100, 1000), 20);
	CU_ASSERT_EQUAL(allowed(&f, 100, 0), 0);
	CU_ASSERT_EQUAL(allowed(&f, 100, 1000), 1);
}

/* A sender that waits until it is due never has one too many. */
static void
test_sender(void)
{
	struct flood f;

	flood_init(&f, 300, FLOOD_SENDER_SECONDS, 0);
	CU_ASSERT_EQUAL(flood_due(&f, 0), 0);
	CU_ASSERT_EQUAL(allowed(&f, 10000, 0), 5400);
	CU_ASSERT_EQUAL(flood_due(&f, 0), 4);
	CU_ASSERT(!flood_allows(&f, 3));
	CU_ASSERT_EQUAL(flood_due(&f, 3), 4);
	CU_ASSERT(flood_allows(&f, 4));
	CU_ASSERT_EQUAL(flood_due(&f, 4), 7);
	flood_init(&f, 0, FLOOD_SENDER_SECONDS, 0);
	CU_ASSERT_EQUAL(flood_due(&f, 9), 9);
}

CU_TestInfo unit_tests[] = {
	{ "a burst of twenty seconds' events, then the rate", test_burst },
	{ "no more than the rate in the long run", test_rate },
	{ "0 is no limit", test_no_limit },
	{ "a sender knows when the next is due", test_sender },
	{ "a clock that goes back does not raise the limit",
		test_clock_stands },
	CU_TEST_INFO_NULL,
};
