/*
 * test_pool.c - the number of workers to fork.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/workers/pool.h"

const char *const unit_name = "pool";

static struct server_settings
rules(int64_t least, int64_t most)
{
	return (struct server_settings){
		.min_spare_workers = least,
		.max_workers = most,
	};
}

static void
fills_up(void)
{
	struct server_settings r = rules(4, 600);

	CU_ASSERT_EQUAL(pool_missing(&r, 0, 0), 4);
	CU_ASSERT_EQUAL(pool_missing(&r, 3, 3), 1);
	CU_ASSERT_EQUAL(pool_missing(&r, 4, 4), 0);
	CU_ASSERT_EQUAL(pool_missing(&r, 0, 100), 4);
	CU_ASSERT_EQUAL(pool_missing(&r, 2, 100), 2);
}

static void
never_too_many(void)
{
	struct server_settings r = rules(4, 10);

	CU_ASSERT_EQUAL(pool_missing(&r, 0, 8), 2);
	CU_ASSERT_EQUAL(pool_missing(&r, 0, 10), 0);
	CU_ASSERT_EQUAL(pool_missing(&r, 0, 11), 0);
	CU_ASSERT_TRUE(pool_may_grow(&r, 9));
	CU_ASSERT_FALSE(pool_may_grow(&r, 10));
	CU_ASSERT_FALSE(pool_may_grow(&r, 11));
}

static void
surplus_stays(void)
{
	struct server_settings r = rules(2, 10);

	CU_ASSERT_EQUAL(pool_missing(&r, 5, 5), 0);
}

static void
no_spares_wanted(void)
{
	struct server_settings r = rules(0, 10);

	CU_ASSERT_EQUAL(pool_missing(&r, 0, 0), 0);
	CU_ASSERT_TRUE(pool_may_grow(&r, 0));
}

static void
more_spares_than_workers(void)
{
	struct server_settings r = rules(1000, 1);

	CU_ASSERT_EQUAL(pool_missing(&r, 0, 0), 1);
	CU_ASSERT_EQUAL(pool_missing(&r, 1, 1), 0);
	CU_ASSERT_FALSE(pool_may_grow(&r, 1));
}

/* However many workers there may be, few of them refuse clients. */
static void
few_refuse(void)
{
	CU_ASSERT_TRUE(pool_may_refuse(0));
	CU_ASSERT_TRUE(pool_may_refuse(POOL_MAX_REFUSING - 1));
	CU_ASSERT_FALSE(pool_may_refuse(POOL_MAX_REFUSING));
	CU_ASSERT_FALSE(pool_may_refuse(SIZE_MAX));
}

CU_TestInfo unit_tests[] = {
	{ "min_spare_workers are kept", fills_up },
	{ "never more workers than allowed", never_too_many },
	{ "surplus idle workers are not replaced", surplus_stays },
	{ "min_spare_workers = 0: forked on demand only", no_spares_wanted },
	{ "max_workers below min_spare_workers", more_spares_than_workers },
	{ "few workers refuse clients", few_refuse },
	CU_TEST_INFO_NULL,
};
