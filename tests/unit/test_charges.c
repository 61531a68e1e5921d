/*
 * test_charges.c - for whom the end of a worker counts.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/settings/settings_load.h"
#include "daemon/bans/charges.h"

const char *const unit_name = "charges";

static struct configuration configuration;
static struct charges *charges;

static void
forget_line(void *context UNUSED, struct event *e UNUSED)
{
}

static void
begin(void)
{
	configuration.settings = settings_load(NULL, true, NULL, 0, NULL,
		NULL);
	charges = charges_new(&configuration);
	CU_ASSERT_FATAL(configuration.settings != NULL && charges != NULL);
	event_divert(forget_line, NULL);
}

static void
end(void)
{
	event_divert(NULL, NULL);
	charges_free(charges);
	settings_free(configuration.settings);
}

static void
worker_ends(const char *peer, enum outcome outcome)
{
	struct slot slot = { .started = clock_ms() };

	CU_ASSERT_EQUAL_FATAL(address_parse(&slot.peer, peer), 0);
	slot.prefix = address_prefix(&slot.peer);
	charges_exited(charges, &slot, NULL, (int)outcome << 8);
}

static bool
is_banned(const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return charges_banned(charges, &a);
}

static void
test_quiet_ends(void)
{
	begin();
	for (int i = 0; i < 100; i++) {
		worker_ends("192.0.2.1", OUTCOME_QUIT);
		worker_ends("192.0.2.1", OUTCOME_LOGIN_FAILED);
		worker_ends("192.0.2.1", OUTCOME_NO_LOGIN);
		worker_ends("192.0.2.1", OUTCOME_IDLE);
	}
	CU_ASSERT_FALSE(is_banned("192.0.2.1"));
	CU_ASSERT_EQUAL(charges_crashes(charges), 0);
	end();
}

/* The address at once; for its network it is one failure of many. */
static void
test_attacks(void)
{
	static const enum outcome attacks[] = { OUTCOME_CRASH,
		OUTCOME_VIOLATION, OUTCOME_SANDBOX };

	for (size_t i = 0; i < ARRAY_SIZE(attacks); i++) {
		begin();
		worker_ends("192.0.2.1", attacks[i]);
		CU_ASSERT_TRUE(is_banned("192.0.2.1"));
		CU_ASSERT_FALSE(is_banned("192.0.2.2"));
		CU_ASSERT_FALSE(is_banned("192.0.3.1"));
		end();
	}
}

CU_TestInfo unit_tests[] = {
	{ "ends that count for nobody", test_quiet_ends },
	{ "a crash or a violation bans the address only", test_attacks },
	CU_TEST_INFO_NULL,
};
