/*
 * test_pause.c - waiting longer after each failure in a row.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/pause.h"

const char *const unit_name = "pause";

static void
nothing_failed(void)
{
	struct pause p = { 0 };

	CU_ASSERT_FALSE(pause_holds(&p, 0));
	CU_ASSERT_FALSE(pause_holds(&p, 123456));
	CU_ASSERT_EQUAL(pause_end(&p, 123456), CLOCK_NEVER);
}

static void
grows_to_its_bound(void)
{
	static const int64_t lengths[] = { 100, 200, 400, 800, 1000, 1000 };
	struct pause p = { 0 };
	int64_t now = 5000;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		pause_begin(&p, now);
		CU_ASSERT_EQUAL(pause_end(&p, now), now + lengths[i]);
		CU_ASSERT_TRUE(pause_holds(&p, now + lengths[i] - 1));
		CU_ASSERT_FALSE(pause_holds(&p, now + lengths[i]));
		CU_ASSERT_EQUAL(pause_end(&p, now + lengths[i]), CLOCK_NEVER);
		now += lengths[i];
	}
	for (int i = 0; i < 100; i++)
		pause_begin(&p, now);
	CU_ASSERT_EQUAL(pause_end(&p, now), now + PAUSE_MOST_MS);
}

static void
starts_anew_after_success(void)
{
	struct pause p = { 0 };

	pause_begin(&p, 0);
	pause_begin(&p, 0);
	pause_clear(&p);
	CU_ASSERT_FALSE(pause_holds(&p, 1));
	pause_begin(&p, 1000);
	CU_ASSERT_EQUAL(pause_end(&p, 1000), 1000 + PAUSE_LEAST_MS);
}

CU_TestInfo unit_tests[] = {
	{ "no pause without a failure", nothing_failed },
	{ "each failure doubles the pause, up to a second",
		grows_to_its_bound },
	{ "a success makes the next pause short again",
		starts_anew_after_success },
	CU_TEST_INFO_NULL,
};
