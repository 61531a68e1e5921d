/*
 * test_limits.c - which limit an event is about, and how often it is logged.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/admission/limits.h"

const char *const unit_name = "limits";

static struct limits limits;
static struct address peer;
static size_t lines;
static char text[256], user[EVENT_USER_MAX];

static void
keep(void *context UNUSED, struct event *e)
{
	CU_ASSERT_EQUAL(e->type, EVENT_limit);
	CU_ASSERT(!e->ok && address_same_host(&e->peer, &peer));
	snprintf(text, sizeof(text), "%s", e->text);
	snprintf(user, sizeof(user), "%s", e->user);
	lines++;
}

static void
begin(void)
{
	limits = (struct limits){ 0 };
	lines = 0;
	CU_ASSERT_EQUAL(address_parse(&peer, "192.0.2.7"), 0);
	event_divert(keep, NULL);
}

static void
test_each_limit(void)
{
	static const struct {
		enum verdict verdict;
		const char *text;
	} cases[] = {
		{ VERDICT_FULL, "max_clients reached, refused 1 connection" },
		{ VERDICT_LOGINS_FULL,
			"max_unauthenticated reached, refused 1 connection" },
		{ VERDICT_ADDRESS_FULL,
			"max_per_ip reached, refused 1 connection" },
		{ VERDICT_NETWORK_FULL,
			"max_per_network reached, refused 1 connection" },
		{ VERDICT_TOO_FAST,
			"max_connection_rate reached, refused 1 connection" },
	};

	begin();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		limits_count(&limits, limits_of_verdict(cases[i].verdict),
			&peer, "");
		limits_step(&limits, 5000);
		CU_ASSERT_STRING_EQUAL(text, cases[i].text);
		CU_ASSERT_EQUAL(lines, i + 1);
	}
	limits_count(&limits, limits_of_login(LOGIN_LIMIT_GROUP), &peer,
		"anna");
	limits_step(&limits, 5000);
	CU_ASSERT_STRING_EQUAL(text, "max_per_group reached, refused 1 login");
	CU_ASSERT_STRING_EQUAL(user, "anna");
	event_divert(NULL, NULL);
}

static void
test_no_limit(void)
{
	begin();
	limits_count(&limits, limits_of_verdict(VERDICT_WELCOME), &peer, "");
	limits_count(&limits, limits_of_verdict(VERDICT_BANNED), &peer, "");
	limits_count(&limits, limits_of_login(LOGIN_LIMIT_NONE), &peer, "");
	CU_ASSERT_EQUAL(limits_due(&limits), CLOCK_NEVER);
	limits_step(&limits, 5000);
	CU_ASSERT_EQUAL(lines, 0);
	event_divert(NULL, NULL);
}

static void
test_flood(void)
{
	begin();
	for (int64_t now = 5000; now < 5000 + LIMITS_MS; now++) {
		limits_count(&limits, LIMIT_WORKERS, &peer, "");
		limits_step(&limits, now);
	}
	CU_ASSERT_EQUAL(lines, 1);
	CU_ASSERT_EQUAL(limits_due(&limits), 5000 + LIMITS_MS);
	limits_step(&limits, 5000 + LIMITS_MS);
	CU_ASSERT_EQUAL(lines, 2);
	CU_ASSERT_STRING_EQUAL(text, "max_workers reached, closed 999 "
		"connections");
	CU_ASSERT_EQUAL(limits_due(&limits), CLOCK_NEVER);
	event_divert(NULL, NULL);
}

CU_TestInfo unit_tests[] = {
	{ "each limit has its line", test_each_limit },
	{ "other refusals have none", test_no_limit },
	{ "a flood has one line a second", test_flood },
	CU_TEST_INFO_NULL,
};
