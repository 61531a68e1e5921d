/*
 * share.h - shares a limit out among the sessions that move data.
 *
 * Policy only: computes the allowed rates from the bytes used; makes no system
 * calls.
 *
 * All sessions with enough demand get the same share.  A session that used
 * clearly less than its share gets what it used plus a margin, so that its rate
 * can grow; the others get the rest.  An idle session has a share to start
 * with, which is valid until the next round.
 *
 * Bytes beyond the limit, because sessions started in between, are compensated
 * within about a second; unused bytes can be used within a quarter of a second.
 */
#ifndef DAEMON_SHARE_H
#define DAEMON_SHARE_H

#include "common/base.h"

#define SHARE_UNLIMITED INT64_MAX

struct share {
	bool active;		/* transfers data in this direction, */
	bool fresh;		/* but did not in the previous round */
	int64_t used;		/* bytes moved since then */
	int64_t rate;		/* in: bytes a second allowed until now, out:
				 * from now on */
};

struct share_pool {
	int64_t limit;		/* bytes a second; 0: none */
	int64_t owed;		/* bytes beyond the limit; negative: unused */
};

/* Compute a round, `ms` after the previous one: sets the rate of all
 * members. */
void share_out(struct share_pool *pool, struct share *shares, size_t n,
	int64_t ms);

#endif
