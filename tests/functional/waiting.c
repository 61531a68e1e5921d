/*
 * waiting.c - waits of a test.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/waiting.h"

#include "common/clock.h"

#define STEP_MS 3

void
wait_for_time(int64_t ms)
{
	clock_sleep_until(clock_ms() + ms);
}

bool
wait_until(bool (*holds)(void *context), void *context, int64_t ms)
{
	int64_t deadline = clock_ms() + ms;

	while (!holds(context)) {
		if (clock_passed(deadline))
			return false;
		wait_for_time(STEP_MS);
	}
	return true;
}
