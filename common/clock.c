/*
 * clock.c - monotonic milliseconds for deadlines, wall time for logs.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/clock.h"

int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

int64_t
clock_after(int64_t seconds)
{
	int64_t deadline;

	if (seconds <= 0 || __builtin_mul_overflow(seconds, 1000, &deadline) ||
	    __builtin_add_overflow(deadline, clock_ms(), &deadline))
		return CLOCK_NEVER;
	return deadline;
}

int64_t
clock_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

bool
clock_passed(int64_t deadline)
{
	return deadline != CLOCK_NEVER && clock_ms() >= deadline;
}

int
clock_poll(int64_t deadline)
{
	if (deadline == CLOCK_NEVER)
		return -1;
	/* clock_ms() rounds down, so the difference is rounded up. */
	int64_t now = clock_ms();
	if (deadline <= now)
		return 0;
	return deadline - now > INT_MAX ? INT_MAX : (int)(deadline - now);
}

void
clock_sleep_until(int64_t deadline)
{
	struct timespec until = {
		.tv_sec = deadline / 1000,
		.tv_nsec = deadline % 1000 * 1000000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	    EINTR)
		;
}

int64_t
clock_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
