/*
 * test_admission.c - which clients are accepted.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/admission/admission.h"

const char *const unit_name = "admission";

static const struct server_settings limits = {
	.max_clients = 10,
	.max_per_ip = 3,
	.max_unauthenticated = 5,
};

static void
welcome(void)
{
	struct admission_facts facts = { 0 };

	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_WELCOME);
	facts = (struct admission_facts){
		.clients = 9, .from_address = 2, .logging_in = 4 };
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_WELCOME);
}

static void
each_limit(void)
{
	struct admission_facts facts = { .clients = 10 };

	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_FULL);
	facts.clients = 11;
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_FULL);
	facts = (struct admission_facts){ .clients = 3, .from_address = 3 };
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts),
		VERDICT_ADDRESS_FULL);
	facts = (struct admission_facts){ .clients = 5, .logging_in = 5 };
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts),
		VERDICT_LOGINS_FULL);
	facts = (struct admission_facts){ .banned = true };
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_BANNED);
}

static void
no_limits(void)
{
	static const struct server_settings none = { 0 };
	struct admission_facts facts = {
		.clients = SIZE_MAX, .from_address = SIZE_MAX,
		.logging_in = SIZE_MAX };

	CU_ASSERT_EQUAL(admission_decide(&none, &facts), VERDICT_WELCOME);
	facts.banned = true;
	CU_ASSERT_EQUAL(admission_decide(&none, &facts), VERDICT_BANNED);
}

/* A refusal for the address's own doing tells it nothing about others. */
static void
says_least(void)
{
	struct admission_facts facts = {
		.clients = 10, .from_address = 3, .logging_in = 5,
		.banned = true };

	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_BANNED);
	facts.banned = false;
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts),
		VERDICT_ADDRESS_FULL);
	facts.from_address = 0;
	CU_ASSERT_EQUAL(admission_decide(&limits, &facts), VERDICT_FULL);
}

static void
accounts(void)
{
	CU_ASSERT_TRUE(admission_account(0, 0));
	CU_ASSERT_TRUE(admission_account(0, SIZE_MAX));
	CU_ASSERT_TRUE(admission_account(1, 0));
	CU_ASSERT_FALSE(admission_account(1, 1));
	CU_ASSERT_TRUE(admission_account(INT32_MAX, INT32_MAX - 1));
	CU_ASSERT_FALSE(admission_account(INT32_MAX, INT32_MAX));
	CU_ASSERT_FALSE(admission_account(-1, 0));
	CU_ASSERT_FALSE(admission_account(INT32_MIN, 0));
}

static void
reasons(void)
{
	for (int v = 0; v < VERDICTS; v++)
		CU_ASSERT_PTR_NOT_NULL(admission_reason((enum verdict)v));
	CU_ASSERT_STRING_EQUAL(admission_reason(VERDICT_FULL),
		"max_clients reached");
	CU_ASSERT_STRING_EQUAL(admission_reason((enum verdict)VERDICTS),
		"unknown");
	CU_ASSERT_STRING_EQUAL(admission_reason((enum verdict)-1), "unknown");
}

CU_TestInfo unit_tests[] = {
	{ "below all limits clients are accepted", welcome },
	{ "each limit refuses at its number", each_limit },
	{ "a limit of 0 is none, a ban still holds", no_limits },
	{ "of several reasons the one that says least", says_least },
	{ "sessions of an account, odd limits too", accounts },
	{ "every verdict has its reason", reasons },
	CU_TEST_INFO_NULL,
};
