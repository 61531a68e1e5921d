/*
 * test_clock.c - deadlines, their limits, and the timeout of poll().
 */
#include "common/base.h"

#include "common/clock.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/time.h>

const char *const unit_name = "clock";

static void
test_goes_forward(void)
{
	int64_t before = clock_ms();

	CU_ASSERT_TRUE(before > 0);
	clock_sleep_until(before + 20);
	CU_ASSERT_TRUE(clock_ms() >= before + 20);
	CU_ASSERT_TRUE(clock_ms() < before + 20000);
}

static void
test_after(void)
{
	int64_t now = clock_ms();
	int64_t then = clock_after(10);

	CU_ASSERT_TRUE(then >= now + 10000 && then < now + 15000);
}

static void
test_no_limit(void)
{
	CU_ASSERT_EQUAL(clock_after(0), CLOCK_NEVER);
	CU_ASSERT_EQUAL(clock_after(-1), CLOCK_NEVER);
	CU_ASSERT_EQUAL(clock_after(INT64_MIN), CLOCK_NEVER);
	CU_ASSERT_EQUAL(clock_after(INT64_MAX), CLOCK_NEVER);
	CU_ASSERT_EQUAL(clock_after(INT64_MAX / 1000), CLOCK_NEVER);
}

static void
test_earlier(void)
{
	CU_ASSERT_EQUAL(clock_earlier(1, 2), 1);
	CU_ASSERT_EQUAL(clock_earlier(2, 1), 1);
	CU_ASSERT_EQUAL(clock_earlier(CLOCK_NEVER, 7), 7);
	CU_ASSERT_EQUAL(clock_earlier(CLOCK_NEVER, CLOCK_NEVER), CLOCK_NEVER);
}

static void
test_passed(void)
{
	int64_t now = clock_ms();

	CU_ASSERT_TRUE(clock_passed(now));
	CU_ASSERT_TRUE(clock_passed(0));
	CU_ASSERT_FALSE(clock_passed(now + 60000));
	CU_ASSERT_FALSE(clock_passed(CLOCK_NEVER));
}

static void
test_poll(void)
{
	CU_ASSERT_EQUAL(clock_poll(CLOCK_NEVER), -1);
	CU_ASSERT_EQUAL(clock_poll(0), 0);
	CU_ASSERT_EQUAL(clock_poll(INT64_MIN + 1), 0);
	CU_ASSERT_EQUAL(clock_poll(clock_ms()), 0);
	CU_ASSERT_EQUAL(clock_poll(CLOCK_NEVER - 1), INT_MAX);
	int wait = clock_poll(clock_ms() + 60000);
	CU_ASSERT_TRUE(wait > 50000 && wait <= 60000);
	CU_ASSERT_TRUE(clock_poll(clock_ms() + 2) >= 0);
}

static void
on_alarm(int number UNUSED)
{
}

static void
test_sleep_survives_signals(void)
{
	struct sigaction action = { .sa_handler = on_alarm }, old;
	struct itimerval every = { { 0, 2000 }, { 0, 2000 } };
	struct itimerval off = { { 0, 0 }, { 0, 0 } };
	int64_t deadline = clock_ms() + 50;

	sigaction(SIGALRM, &action, &old);
	setitimer(ITIMER_REAL, &every, NULL);
	clock_sleep_until(deadline);
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
	CU_ASSERT_TRUE(clock_ms() >= deadline);
}

static void
test_sleep_until_the_past(void)
{
	int64_t before = clock_ms();

	clock_sleep_until(before - 1000);
	clock_sleep_until(0);
	CU_ASSERT_TRUE(clock_ms() - before < 5000);
}

static void
test_wall(void)
{
	time_t before = time(NULL);
	int64_t seconds = clock_wall_ns() / 1000000000;

	/* time() changes up to a tick later. */
	CU_ASSERT_TRUE(seconds >= before);
	CU_ASSERT_TRUE(seconds <= time(NULL) + 1);
}

CU_TestInfo unit_tests[] = {
	{ "the clock goes forward", test_goes_forward },
	{ "a deadline some seconds away", test_after },
	{ "no limit, or one beyond all time, never comes", test_no_limit },
	{ "the earlier of two", test_earlier },
	{ "a deadline passes", test_passed },
	{ "poll waits as long as the deadline allows", test_poll },
	{ "signals do not shorten a sleep", test_sleep_survives_signals },
	{ "a deadline in the past does not sleep", test_sleep_until_the_past },
	{ "wall time is that of the system", test_wall },
	CU_TEST_INFO_NULL,
};
