/*
 * pause.h - something that failed and is to be tried again, but not at once
 * (rule R33).  Each failure in a row makes the pause longer: 100 ms, 200 ms,
 * ... up to one second.  All zeros is "no pause".
 *
 * Policy only: no system call, the time is an argument.
 */
#ifndef DAEMON_PAUSE_H
#define DAEMON_PAUSE_H

#include "common/base.h"

#define PAUSE_LEAST_MS 100
#define PAUSE_MOST_MS  1000

struct pause {
	int64_t until;	/* clock_ms(); 0 when there is none */
	int64_t length;	/* of the last one, in milliseconds */
};

/* It failed: wait, longer than the last time. */
void pause_begin(struct pause *p, int64_t now);

/* It worked: the next failure starts with the shortest pause again. */
void pause_clear(struct pause *p);

bool pause_holds(const struct pause *p, int64_t now);

/* When it ends, for the master's timer; CLOCK_NEVER when it does not hold. */
int64_t pause_end(const struct pause *p, int64_t now);

#endif
