/*
 * flood.h - limits the events of one process: a token bucket.
 */
#ifndef COMMON_LOG_FLOOD_H
#define COMMON_LOG_FLOOD_H

#include "common/base.h"

/* Of its rate may be used at once: where events are received, and by a sender
 * that waits rather than lose one. */
#define FLOOD_BURST_SECONDS  20
#define FLOOD_SENDER_SECONDS 18

struct flood {
	int64_t rate;		/* events a second; 0: no limit */
	int64_t burst;		/* seconds */
	int64_t tokens;		/* thousandths of an event */
	int64_t filled;		/* clock_ms() */
};

/* A full bucket. */
void flood_init(struct flood *f, int64_t rate, int64_t burst, int64_t now);

/* May one more event be written?  If so, it is counted. */
bool flood_allows(struct flood *f, int64_t now);

/* When one more may be, if it was not. */
int64_t flood_due(const struct flood *f, int64_t now);

#endif
