/*
 * flood.h - limits the events of one process: a token bucket.
 */
#ifndef DAEMON_RECORDER_FLOOD_H
#define DAEMON_RECORDER_FLOOD_H

#include "common/base.h"

#define FLOOD_BURST_SECONDS 20	/* of its rate may be used at once */

struct flood {
	int64_t rate;		/* events a second; 0: no limit */
	int64_t tokens;		/* thousandths of an event */
	int64_t filled;		/* clock_ms() */
};

/* A full bucket. */
void flood_init(struct flood *f, int64_t rate, int64_t now);

/* May one more event be written?  If so, it is counted. */
bool flood_allows(struct flood *f, int64_t now);

#endif
