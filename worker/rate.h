/*
 * rate.h - how fast a session may send and receive data.
 *
 * Each direction has a bucket that lasts as long as the session, so that many
 * small files are not faster than a large one.  What is moved takes time off
 * the bucket, and nothing may move before that time has passed: never more than
 * the limit and one piece since the transfer began.  A piece is what 20
 * milliseconds are worth, so that the data flows evenly.  A transfer that could
 * not use its time, because the network or this process was too slow, may catch
 * up on a quarter of a second.
 *
 * The limits are orders of the master (common/process/page.h), which shares out
 * what several sessions have together; a change is seen with the next piece.
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

/* A transfer begins: time that was not used before is lost.  Also reads the
 * orders. */
void rates_begin(struct rates *r);

/* Read the orders again if they have changed. */
void rates_refresh(struct rates *r);

/* A limit for one direction. */
void rate_set(struct rate *r, int64_t limit);

/* So many of `most` bytes may be moved now; 0: none before rate_due(). */
size_t rate_room(const struct rate *r, size_t most, int64_t now_ns);

/* The clock_ms() at which something may be moved again. */
int64_t rate_due(const struct rate *r);

/* n bytes were moved. */
void rate_moved(struct rate *r, size_t n, int64_t now_ns);

#endif
