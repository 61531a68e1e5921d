/*
 * flood.h - limits the events of one process: a token bucket.
 */
#ifndef COMMON_LOG_FLOOD_H
#define COMMON_LOG_FLOOD_H

#include "common/base.h"

/* Burst sizes, in multiples of the rate: for the receiver of events, and for a
 * sender that waits instead of losing events. */
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

/* May one more event be sent?  If so, count it. */
bool flood_allows(struct flood *f, int64_t now);

/* When the next event may be sent, if flood_allows() was false. */
int64_t flood_due(const struct flood *f, int64_t now);

#endif
