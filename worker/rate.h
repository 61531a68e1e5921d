/*
 * rate.h - limits the rate of a session's transfers.
 *
 * Each direction has a token bucket that lasts as long as the session, so that
 * many small files are not faster than a large one.  Moving bytes costs the
 * time that they take at the limit, and nothing more may be moved before that
 * time has passed: since the start of a transfer never more than the limit plus
 * one piece is moved.  A piece is the data of 20 milliseconds, so that data
 * flows evenly.  A transfer that could not use its time, because the network or
 * this process was too slow, can catch up on at most a quarter of a second.
 *
 * The limits are orders of the master (common/process/page.h), which also
 * divides limits that several sessions share; a change takes effect with the
 * next piece.
 */
#ifndef WORKER_RATE_H
#define WORKER_RATE_H

#include "common/base.h"

struct rate {
	int64_t limit;		/* bytes a second; 0: none */
	int64_t paid;		/* clock_ns() when what was moved is paid */
	int64_t moved;		/* bytes in all, while there was a limit */
};

struct rates {
	struct rate down, up;
	uint32_t orders;	/* page_order_number() of these limits */
	bool known;		/* there were orders */
};

/* Call it at the start of a transfer: unused time is discarded, and the orders
 * are read. */
void rates_begin(struct rates *r);

/* Read the orders again if they have changed. */
void rates_refresh(struct rates *r);

/* Set the limit of one direction. */
void rate_set(struct rate *r, int64_t limit);

/* How many bytes, at most `most`, may be moved now; 0: none before
 * rate_due(). */
size_t rate_room(const struct rate *r, size_t most, int64_t now_ns);

/* The clock_ms() at which more may be moved. */
int64_t rate_due(const struct rate *r);

/* Record that n bytes were moved. */
void rate_moved(struct rate *r, size_t n, int64_t now_ns);

#endif
