/*
 * test_keeper_budget.c - signatures by the second.
 */
#include "common/base.h"
#include "daemon/keeper/keeper_budget.h"

#include "tests/unit/unit.h"

const char *const unit_name = "keeper_budget";

static int
take_all(struct keeper_budget *b, int64_t now)
{
	int n = 0;

	while (keeper_budget_take(b, now))
		n++;
	return n;
}

static void
test_burst(void)
{
	struct keeper_budget b;

	keeper_budget_init(&b, 1000);
	CU_ASSERT_EQUAL(keeper_budget_due(&b, 1000), 1000);
	CU_ASSERT_EQUAL(take_all(&b, 1000), KEEPER_BURST);
	CU_ASSERT_EQUAL(keeper_budget_due(&b, 1000),
		1000 + KEEPER_INTERVAL_MS);
	CU_ASSERT_EQUAL(keeper_budget_due(&b, 5000), 5000);
}

/* For as long as it lasts: nobody is ever refused for good. */
static void
test_refill(void)
{
	struct keeper_budget b;

	keeper_budget_init(&b, 0);
	(void)take_all(&b, 0);
	for (int64_t now = KEEPER_INTERVAL_MS; now < 1000 * 1000;
	     now += KEEPER_INTERVAL_MS) {
		CU_ASSERT_EQUAL(keeper_budget_due(&b, now), now);
		CU_ASSERT_TRUE(keeper_budget_take(&b, now));
		CU_ASSERT_FALSE(keeper_budget_take(&b, now));
		CU_ASSERT_FALSE(keeper_budget_take(&b, now +
			KEEPER_INTERVAL_MS - 1));
	}
}

/* A day at rest saves no more than one burst. */
static void
test_bound(void)
{
	struct keeper_budget b;

	keeper_budget_init(&b, 0);
	CU_ASSERT_EQUAL(take_all(&b, 86400 * 1000), KEEPER_BURST);
	CU_ASSERT_EQUAL(take_all(&b, 86400 * 1000 + KEEPER_INTERVAL_MS * 7),
		7);
}

CU_TestInfo unit_tests[] = {
	{ "a burst, then none", test_burst },
	{ "one more each interval", test_refill },
	{ "at most a burst is saved", test_bound },
	CU_TEST_INFO_NULL,
};
