/*
 * test_watchdog.c - the interval of watchdog messages.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/manager/watchdog.h"

const char *const unit_name = "watchdog";

static void
asked(void)
{
	struct watchdog w;
	struct notify nobody = { 0 };
	char pid[32];

	watchdog_init(&w, "60000000", NULL);
	CU_ASSERT_EQUAL(w.interval, 30000);
	snprintf(pid, sizeof(pid), "%d", getpid());
	watchdog_init(&w, "60000000", pid);
	CU_ASSERT_EQUAL(w.interval, 30000);
	CU_ASSERT_TRUE(watchdog_due(&w) <= clock_ms());
	watchdog_step(&w, &nobody, 1000);
	CU_ASSERT_EQUAL(watchdog_due(&w), 31000);
	watchdog_step(&w, &nobody, 30999);
	CU_ASSERT_EQUAL(watchdog_due(&w), 31000);
	watchdog_step(&w, &nobody, 31000);
	CU_ASSERT_EQUAL(watchdog_due(&w), 61000);
	watchdog_init(&w, "1", NULL);
	CU_ASSERT_EQUAL(w.interval, 1);
}

static void
not_asked(void)
{
	static const struct {
		const char *usec, *pid;
	} cases[] = {
		{ NULL, NULL }, { "", NULL }, { "0", NULL }, { "1x", NULL },
		{ "-5", NULL }, { "60000000", "1" }, { "60000000", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct watchdog w;

		watchdog_init(&w, cases[i].usec, cases[i].pid);
		CU_ASSERT_EQUAL(watchdog_due(&w), CLOCK_NEVER);
	}
}

CU_TestInfo unit_tests[] = {
	{ "half of the manager's interval", asked },
	{ "none without a manager, or for another process", not_asked },
	CU_TEST_INFO_NULL,
};
