/*
 * test_frequency.c - limits of the frequency of events per address.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/frequency.h"

const char *const unit_name = "frequency";

#define MINUTE 60000

static struct address_prefix
prefix(unsigned n)
{
	struct address_prefix p = { .bytes = { 1, (uint8_t)(n >> 16),
		(uint8_t)(n >> 8), (uint8_t)n } };

	return p;
}

static void
test_limit(void)
{
	struct frequency *f = frequency_new();
	struct address_prefix one = prefix(1), two = prefix(2);
	int64_t now = 5000;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (int i = 0; i < 10; i++)
		CU_ASSERT(frequency_allows(f, &one, 10, MINUTE, now));
	CU_ASSERT_FALSE(frequency_allows(f, &one, 10, MINUTE, now));
	CU_ASSERT(frequency_allows(f, &two, 10, MINUTE, now));
	CU_ASSERT_FALSE(frequency_allows(f, &one, 10, MINUTE, now + 5999));
	CU_ASSERT(frequency_allows(f, &one, 10, MINUTE, now + 6000));
	CU_ASSERT_FALSE(frequency_allows(f, &one, 10, MINUTE, now + 6001));
	/* No more than the limit at once, however long it was quiet. */
	now += 100 * MINUTE;
	for (int i = 0; i < 10; i++)
		CU_ASSERT(frequency_allows(f, &one, 10, MINUTE, now));
	CU_ASSERT_FALSE(frequency_allows(f, &one, 10, MINUTE, now));
	CU_ASSERT(frequency_allows(f, &one, 0, MINUTE, now));
	frequency_free(f);
}

/* Asking every millisecond loses nothing, and gains nothing. */
static void
test_often(void)
{
	struct frequency *f = frequency_new();
	struct address_prefix one = prefix(1);
	int allowed = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (int64_t now = 1; now <= 10 * MINUTE; now++)
		allowed += frequency_allows(f, &one, 7, MINUTE, now);
	CU_ASSERT(allowed >= 75 && allowed <= 77);
	frequency_free(f);
}

/* Thousands of others do not free an address that is busy. */
static void
test_many(void)
{
	struct frequency *f = frequency_new();
	struct address_prefix busy = prefix(0);
	int allowed = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (unsigned i = 1; i <= 50000; i++) {
		struct address_prefix other = prefix(i);
		int64_t now = 1000 + i / 50;
		CU_ASSERT(frequency_allows(f, &other, 5, MINUTE, now));
		allowed += frequency_allows(f, &busy, 5, MINUTE, now);
	}
	CU_ASSERT_EQUAL(allowed, 5);
	frequency_free(f);
}

CU_TestInfo unit_tests[] = {
	{ "a burst of `limit` events, and as many per period", test_limit },
	{ "frequent queries change nothing", test_often },
	{ "many addresses do not free a busy one", test_many },
	CU_TEST_INFO_NULL,
};
