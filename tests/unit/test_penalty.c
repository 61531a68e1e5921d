/*
 * test_penalty.c - penalties of addresses.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/penalty.h"

const char *const unit_name = "penalty";

#define MOST 600000	/* the default of max_penalty, in milliseconds */
#define CRASH penalty_cost(OUTCOME_CRASH)

static struct address_prefix
prefix_of(const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return address_prefix(&a);
}

/* The n-th of many prefixes. */
static struct address_prefix
numbered(uint32_t n)
{
	struct address_prefix p = { { 0x20, 0x01 } };

	memcpy(p.bytes + 4, &n, sizeof(n));
	return p;
}

static void
typos_are_forgiven(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("192.0.2.1");

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	for (int i = 1; i <= 5; i++) {
		CU_ASSERT_FALSE(penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS,
			MOST, 1000));
		CU_ASSERT_EQUAL(penalty_owed(p, &a, 1000), i * 3000);
		CU_ASSERT_FALSE(penalty_holds(p, &a, 1000));
	}
	penalty_free(p);
}

static void
guessing_is_not(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("192.0.2.1");
	struct address_prefix b = prefix_of("192.0.2.2");
	int told = 0;

	for (int i = 0; i < 6; i++)
		told += penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS, MOST,
			1000);
	CU_ASSERT_EQUAL(told, 1);
	CU_ASSERT_TRUE(penalty_holds(p, &a, 1000));
	CU_ASSERT_FALSE(penalty_holds(p, &b, 1000));
	/* Once refused it stays so until the last millisecond has expired. */
	CU_ASSERT_TRUE(penalty_holds(p, &a, 1000 + 17999));
	CU_ASSERT_FALSE(penalty_holds(p, &a, 1000 + 18000));
	CU_ASSERT_EQUAL(penalty_owed(p, &a, 1000 + 18000), 0);
	penalty_free(p);
}

static void
time_expires(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("2001:db8::1");
	int64_t now = 0;

	/* A slow guesser never owes more than one attempt. */
	for (int i = 0; i < 100; i++, now += 3000)
		CU_ASSERT_FALSE(penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS,
			MOST, now));
	CU_ASSERT_EQUAL(penalty_owed(p, &a, now), 0);
	/* And a refused one starts again afterwards. */
	CU_ASSERT_TRUE(penalty_add(p, &a, CRASH, MOST, now));
	now += 60000;
	CU_ASSERT_FALSE(penalty_holds(p, &a, now));
	CU_ASSERT_FALSE(penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS, MOST,
		now));
	CU_ASSERT_FALSE(penalty_holds(p, &a, now));
	penalty_free(p);
}

/* One connection after the other, three attempts in each, as fast as the
 * default failed_login_delay (1, 2 and 4 seconds) lets them fail. */
static void
patient_guessing_is_refused(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("192.0.2.1");
	bool refused = false;
	int64_t now = 0;
	int attempts = 0;

	while (!refused && attempts < 100) {
		now += attempts % 3 == 0 ? 1000 : attempts % 3 == 1 ? 2000 :
			4000;
		refused = penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS, MOST,
			now);
		attempts++;
	}
	CU_ASSERT_TRUE(refused);
	penalty_free(p);
}

static void
costs(void)
{
	static const enum outcome decent[] = {
		OUTCOME_QUIT, OUTCOME_LOST, OUTCOME_NO_LOGIN, OUTCOME_REFUSED,
		/* charged when it happened */
		OUTCOME_LOGIN_FAILED,
		OUTCOME_IDLE, OUTCOME_STOPPED, OUTCOME_ERROR,
	};
	static const enum outcome bad[] = {
		OUTCOME_VIOLATION, OUTCOME_SANDBOX, OUTCOME_CRASH,
	};
	struct address_prefix a = prefix_of("192.0.2.1");

	for (size_t i = 0; i < ARRAY_SIZE(decent); i++) {
		struct penalties *p = penalty_new();
		CU_ASSERT_FALSE(penalty_add(p, &a,
			penalty_cost(decent[i]), MOST, 0));
		CU_ASSERT_EQUAL(penalty_count(p), 0);
		penalty_free(p);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct penalties *p = penalty_new();
		CU_ASSERT_TRUE(penalty_add(p, &a,
			penalty_cost(bad[i]), MOST, 0));
		CU_ASSERT_EQUAL(penalty_owed(p, &a, 0), 60000);
		penalty_free(p);
	}
	CU_ASSERT_EQUAL(penalty_cost(OUTCOME_LOGIN_TIMEOUT), 5000);
}

static void
longest_penalty(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("192.0.2.1");
	struct address_prefix b = prefix_of("192.0.2.2");

	for (int i = 0; i < 50; i++)
		(void)penalty_add(p, &a, CRASH, MOST, 0);
	CU_ASSERT_EQUAL(penalty_owed(p, &a, 0), MOST);

	/* Shorter than the grace: it must still be felt. */
	CU_ASSERT_FALSE(penalty_add(p, &b, PENALTY_FAILED_LOGIN_MS, 5000,
		0));
	CU_ASSERT_TRUE(penalty_add(p, &b, CRASH, 5000, 0));
	CU_ASSERT_EQUAL(penalty_owed(p, &b, 0), 5000);
	CU_ASSERT_TRUE(penalty_holds(p, &b, 4999));
	CU_ASSERT_FALSE(penalty_holds(p, &b, 5000));
	penalty_free(p);
}

static void
turned_off(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("192.0.2.1");

	CU_ASSERT_FALSE(penalty_add(p, &a, CRASH, 0, 0));
	CU_ASSERT_FALSE(penalty_add(p, &a, CRASH, -1, 0));
	CU_ASSERT_FALSE(penalty_holds(p, &a, 0));
	CU_ASSERT_EQUAL(penalty_count(p), 0);
	penalty_free(p);
}

static void
one_client_one_prefix(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a = prefix_of("2001:db8:1:2::1");
	struct address_prefix same = prefix_of("2001:db8:1:2:ffff::9");
	struct address_prefix other = prefix_of("2001:db8:1:3::1");

	(void)penalty_add(p, &a, CRASH, MOST, 0);
	CU_ASSERT_TRUE(penalty_holds(p, &same, 0));
	CU_ASSERT_FALSE(penalty_holds(p, &other, 0));
	penalty_free(p);
}

static void
table_is_bounded(void)
{
	struct penalties *p = penalty_new();
	struct address_prefix a;

	/* The first owes most, the second least of all. */
	for (uint32_t i = 0; i < PENALTY_ENTRIES; i++) {
		a = numbered(i);
		(void)penalty_add(p, &a, i == 0 ? CRASH : i == 1 ?
			PENALTY_FAILED_LOGIN_MS :
			penalty_cost(OUTCOME_LOGIN_TIMEOUT), MOST, 0);
	}
	CU_ASSERT_EQUAL(penalty_count(p), PENALTY_ENTRIES);
	a = numbered(PENALTY_ENTRIES);
	CU_ASSERT_TRUE(penalty_add(p, &a, CRASH, MOST, 1));
	CU_ASSERT_EQUAL(penalty_count(p), PENALTY_ENTRIES);
	CU_ASSERT_TRUE(penalty_holds(p, &a, 1));
	a = numbered(1);
	CU_ASSERT_EQUAL(penalty_owed(p, &a, 1), 0);
	a = numbered(0);
	CU_ASSERT_TRUE(penalty_holds(p, &a, 1));
	a = numbered(2);
	CU_ASSERT_EQUAL(penalty_owed(p, &a, 1), 4999);

	/* What has run off makes room without anybody being forgotten. */
	a = numbered(7);
	(void)penalty_add(p, &a, PENALTY_FAILED_LOGIN_MS, MOST, 5000);
	CU_ASSERT_EQUAL(penalty_count(p), 3);
	penalty_free(p);
}

CU_TestInfo unit_tests[] = {
	{ "a few mistyped passwords cause no penalty", typos_are_forgiven },
	{ "a row of failed logins is refused, others are not",
		guessing_is_not },
	{ "time expires", time_expires },
	{ "slow guessing is refused eventually", patient_guessing_is_refused },
	{ "the penalty of each outcome", costs },
	{ "never more than the longest penalty", longest_penalty },
	{ "max_penalty 0 turns penalties off", turned_off },
	{ "an IPv6 /64 is one client", one_client_one_prefix },
	{ "a full table drops the prefix with the smallest penalty",
		table_is_bounded },
	CU_TEST_INFO_NULL,
};
