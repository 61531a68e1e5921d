/*
 * keeper_budget.h - limits the signatures of a worker: a token bucket.
 *
 * A session needs one for each full handshake: its control connection, and with
 * session_reuse = prefer or off each data connection of a client that does not
 * resume.  500 at once and then 50 per second is more than such a client needs,
 * because each of its transfers takes several round trips and key exchanges;
 * but a compromised process gets only a small share of the keeper's time.  A
 * worker that has used up its budget is served more slowly, but not refused.
 */
#ifndef DAEMON_KEEPER_BUDGET_H
#define DAEMON_KEEPER_BUDGET_H

#include "common/base.h"

#define KEEPER_BURST	   500
#define KEEPER_INTERVAL_MS 20	/* 50 per second */

struct keeper_budget {
	int64_t credit;		/* available, in ms; a signature costs one
				 * interval */
	int64_t since;		/* clock_ms() of the last count */
};

void keeper_budget_init(struct keeper_budget *b, int64_t now);

/* Take one signature from the budget; false if it is empty. */
bool keeper_budget_take(struct keeper_budget *b, int64_t now);

/* When the next one can be taken; `now` or later. */
int64_t keeper_budget_due(const struct keeper_budget *b, int64_t now);

#endif
