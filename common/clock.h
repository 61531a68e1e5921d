/*
 * clock.h - time: monotonic milliseconds for deadlines, wall time
 * for logs and listings.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include "common/base.h"

#define CLOCK_NEVER INT64_MAX	/* no deadline */

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_ms(void);

/* The same clock in nanoseconds, for rates. */
int64_t clock_ns(void);

/* The moment `seconds` from now; 0 seconds means no limit: CLOCK_NEVER. */
int64_t clock_after(int64_t seconds);

/* The earlier of two deadlines. */
int64_t clock_earlier(int64_t a, int64_t b);

/* Has the deadline come? */
bool clock_passed(int64_t deadline);

/* poll()'s timeout argument for a deadline: -1 for CLOCK_NEVER, never
 * negative otherwise, rounded up so that a wake-up is never early. */
int clock_poll(int64_t deadline);

/* Sleep until the deadline, even if interrupted by signals. */
void clock_sleep_until(int64_t deadline);

/* Wall time in nanoseconds since 1970. */
int64_t clock_wall_ns(void);

#endif
