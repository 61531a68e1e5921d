/*
 * share.h - shares a limit out among the sessions that move data.
 *
 * Policy only: what was used in, what may be used out; no system call.
 *
 * All who can use it get the same.  Who used clearly less than its share keeps
 * what it used and a little more, so that it can become faster, and the others
 * get the rest.  Who moves nothing has a share to begin with until the next
 * round.
 *
 * What was moved beyond the limit, because sessions began in between, is owed
 * and paid back within about a second; what was not used can be caught up on
 * for a quarter of a second.
 */
#ifndef DAEMON_SHARE_H
#define DAEMON_SHARE_H

#include "common/base.h"

#define SHARE_UNLIMITED INT64_MAX

struct share {
	bool active;		/* moves data in this direction, */
	bool fresh;		/* and did not in the round before */
	int64_t used;		/* bytes moved since then */
	int64_t rate;		/* in: bytes a second allowed until now, out:
				 * from now on */
};

struct share_pool {
	int64_t limit;		/* bytes a second; 0: none */
	int64_t owed;		/* bytes; less than 0: to catch up on */
};

/* A round, `ms` after the one before.  Sets the rate of all. */
void share_out(struct share_pool *pool, struct share *shares, size_t n,
	int64_t ms);

#endif
