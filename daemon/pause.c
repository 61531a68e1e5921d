/*
 * pause.c - pauses that grow with repeated failures.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/pause.h"

#include "common/clock.h"

void
pause_begin(struct pause *p, int64_t now)
{
	p->length = p->length < PAUSE_LEAST_MS ? PAUSE_LEAST_MS : p->length * 2;
	if (p->length > PAUSE_MOST_MS)
		p->length = PAUSE_MOST_MS;
	p->until = now + p->length;
}

void
pause_clear(struct pause *p)
{
	*p = (struct pause){ 0 };
}

bool
pause_holds(const struct pause *p, int64_t now)
{
	return now < p->until;
}

int64_t
pause_end(const struct pause *p, int64_t now)
{
	return pause_holds(p, now) ? p->until : CLOCK_NEVER;
}
