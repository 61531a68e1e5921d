/*
 * test_scores.c - when an address is banned, and for how long.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/bans/scores.h"

const char *const unit_name = "scores";

#define MINUTE INT64_C(60000)
#define DAY    (24 * 60 * MINUTE)

/* The shipped defaults. */
static const struct scores_rules defaults = {
	.limit = 10, .window = 10 * MINUTE,
	.time = 10 * MINUTE, .max_time = DAY,
};

static struct scores *s;

static struct address_prefix
prefix_of(const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return address_prefix(&a);
}

static void
begin(void)
{
	s = scores_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
}

/* A failed login of this user with this password. */
static int64_t
fail(const char *address, uint64_t user, uint64_t password, int64_t now)
{
	const struct guess guess = { user, password };
	struct address_prefix p = prefix_of(address);

	return scores_add(s, &p, &defaults, SCORES_LOGIN, &guess, now);
}

static void
test_guessing(void)
{
	begin();
	for (uint64_t i = 1; i < 10; i++)
		CU_ASSERT_EQUAL(fail("192.0.2.1", 1, i, 1000), 0);
	CU_ASSERT_EQUAL(fail("192.0.2.2", 1, 10, 1000), 0);
	CU_ASSERT_EQUAL(fail("192.0.2.1", 1, 10, 1000), 10 * MINUTE);
	scores_free(s);
}

/* As fast as bans allow, for a day: how many guesses? */
static void
test_day_of_guessing(void)
{
	int64_t now = 0;
	uint64_t guesses = 0;

	begin();
	while (now < DAY) {
		now += 800;
		now += fail("192.0.2.1", 1, ++guesses, now);
	}
	CU_ASSERT(guesses < 110);
	scores_free(s);
	/* One that stays below the limit. */
	begin();
	for (now = 0, guesses = 0; now < DAY; now += MINUTE)
		CU_ASSERT_EQUAL(fail("192.0.2.1", 1, ++guesses, now), 0);
	CU_ASSERT_EQUAL(guesses, 1440);
	scores_free(s);
}

/* One user's program has an old password, and tries it every second. */
static void
test_old_password(void)
{
	begin();
	for (int64_t i = 0; i < 100000; i++)
		CU_ASSERT_EQUAL(fail("192.0.2.1", 1, 7, i * 1000), 0);
	/* In an office with others, who mistype now and then and log in. */
	struct address_prefix p = prefix_of("192.0.2.1");
	for (uint64_t user = 2; user < 100; user++) {
		CU_ASSERT_EQUAL(fail("192.0.2.1", user, user, 1), 0);
		CU_ASSERT_EQUAL(fail("192.0.2.1", 1, 7, 1), 0);
		scores_login(s, &p, user);
	}
	/* Without hashes each failure counts. */
	int64_t banned = 0;
	for (int i = 0; i < 10 && banned == 0; i++)
		banned = fail("192.0.2.1", 1, 0, 2);
	CU_ASSERT_EQUAL(banned, 10 * MINUTE);
	scores_free(s);
}

/* A login pays for the same user's failures only. */
static void
test_own_account(void)
{
	struct address_prefix p = prefix_of("192.0.2.1");
	int64_t banned = 0;
	int guesses = 0;

	begin();
	while (banned == 0 && guesses < 100) {
		banned = fail("192.0.2.1", 1, (uint64_t)++guesses, 1);
		scores_login(s, &p, 2);
	}
	CU_ASSERT_EQUAL(guesses, 10);
	scores_free(s);
}

static void
test_growth(void)
{
	int64_t now = 0, want = 10 * MINUTE;
	struct address_prefix p = prefix_of("192.0.2.1");

	begin();
	for (int i = 0; i < 12; i++) {
		int64_t got = scores_add(s, &p, &defaults, SCORES_ALWAYS,
			NULL, now);
		CU_ASSERT_EQUAL(got, want);
		now += got;
		want = want * 2 < DAY ? want * 2 : DAY;
	}
	now += DAY + 1;
	CU_ASSERT_EQUAL(scores_add(s, &p, &defaults, SCORES_ALWAYS, NULL,
		now), 10 * MINUTE);
	scores_forget(s, &p);
	CU_ASSERT_EQUAL(scores_add(s, &p, &defaults, SCORES_ALWAYS, NULL,
		now), 10 * MINUTE);
	scores_free(s);
}

static void
test_costs(void)
{
	static const enum outcome decent[] = {
		OUTCOME_QUIT, OUTCOME_LOST, OUTCOME_NO_LOGIN, OUTCOME_REFUSED,
		/* counted when it happened */
		OUTCOME_LOGIN_FAILED,
		OUTCOME_IDLE, OUTCOME_STOPPED, OUTCOME_ERROR,
	};
	static const enum outcome bad[] = {
		OUTCOME_VIOLATION, OUTCOME_SANDBOX, OUTCOME_CRASH,
	};

	for (size_t i = 0; i < ARRAY_SIZE(decent); i++)
		CU_ASSERT_EQUAL(scores_cost(decent[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT_EQUAL(scores_cost(bad[i]), SCORES_ALWAYS);
	CU_ASSERT_EQUAL(scores_cost(OUTCOME_LOGIN_TIMEOUT), SCORES_LOGIN);
	CU_ASSERT_EQUAL(scores_cost(OUTCOME_TLS_FAILED), SCORES_LOGIN / 4);
}

static void
test_off(void)
{
	static const struct scores_rules off = {
		.limit = 0, .window = 1, .time = 1, .max_time = 1,
	};
	struct address_prefix p = prefix_of("192.0.2.1");

	begin();
	CU_ASSERT_EQUAL(scores_add(s, &p, &off, SCORES_ALWAYS, NULL, 1), 0);
	scores_free(s);
}

/* A flood of addresses pushes none out that was banned, unless they were banned
 * as well. */
static void
test_bounded(void)
{
	struct address_prefix p = prefix_of("192.0.2.1");

	begin();
	CU_ASSERT_EQUAL(scores_add(s, &p, &defaults, SCORES_ALWAYS, NULL, 1),
		10 * MINUTE);
	for (uint32_t i = 0; i < 200000; i++) {
		struct address_prefix other = { { 0x20, 0x01 } };
		memcpy(other.bytes + 4, &i, sizeof(i));
		CU_ASSERT_EQUAL(scores_add(s, &other, &defaults, SCORES_LOGIN,
			NULL, 2), 0);
	}
	CU_ASSERT_EQUAL(scores_add(s, &p, &defaults, SCORES_ALWAYS, NULL, 3),
		20 * MINUTE);
	scores_free(s);
}

/* Weeks of scanners, of which none comes back, leave no less room for those
 * that guess now. */
#define SCANNERS 20000
#define GUESSERS 500

static void
test_worn(void)
{
	struct address_prefix p = { { 0x20, 0x01 } };
	size_t banned = 0;

	begin();
	for (uint32_t i = 0; i < SCANNERS; i++) {
		memcpy(p.bytes + 4, &i, sizeof(i));
		(void)scores_add(s, &p, &defaults,
			i % 2 == 0 ? SCORES_ALWAYS : 9 * SCORES_LOGIN, NULL, i);
	}
	for (uint32_t i = 0; i < 10 * GUESSERS; i++) {
		uint32_t n = SCANNERS + i % GUESSERS;
		memcpy(p.bytes + 4, &n, sizeof(n));
		banned += scores_add(s, &p, &defaults, SCORES_LOGIN, NULL,
			30 * DAY) > 0;
	}
	/* More than four at one place of the table push each other out; that
	 * is rare. */
	CU_ASSERT(banned > GUESSERS * 95 / 100);
	scores_free(s);
}

CU_TestInfo unit_tests[] = {
	{ "ten guesses are too many", test_guessing },
	{ "a day of guessing", test_day_of_guessing },
	{ "an old password bans no office", test_old_password },
	{ "a login of one user pays for no guesses at others",
		test_own_account },
	{ "each ban takes twice as long", test_growth },
	{ "what each end of a session costs", test_costs },
	{ "a limit of 0 bans nobody", test_off },
	{ "a flood of addresses", test_bounded },
	{ "what has been forgotten takes no room", test_worn },
	CU_TEST_INFO_NULL,
};
