/*
 * pause.h - pauses before retries after a failure.  Each consecutive
 * failure makes the pause longer: 100 ms, 200 ms, ... up to one second.  A
 * zeroed struct means no pause.
 *
 * Policy only: makes no system calls; the time is an argument.
 */
#ifndef DAEMON_PAUSE_H
#define DAEMON_PAUSE_H

#include "common/base.h"

#define PAUSE_LEAST_MS 100
#define PAUSE_MOST_MS  1000

struct pause {
	int64_t until;	/* clock_ms(); 0: no pause */
	int64_t length;	/* of the last pause, in milliseconds */
};

/* After a failure: start a pause, longer than the last one. */
void pause_begin(struct pause *p, int64_t now);

/* After a success: the next failure starts with the shortest pause again. */
void pause_clear(struct pause *p);

bool pause_holds(const struct pause *p, int64_t now);

/* When the pause ends, for the master's timer; CLOCK_NEVER without a pause. */
int64_t pause_end(const struct pause *p, int64_t now);

#endif
