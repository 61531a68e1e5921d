/*
 * keeper_budget.h - how many signatures a worker may have.
 *
 * A session needs one for each full handshake: its control connection, and with
 * session_reuse = prefer or off each data connection of a client that does not
 * resume.  500 at once and 50 a second for as long as it lasts is more than
 * such a client asks for, since each of its transfers takes several round trips
 * and key exchanges; yet a captured process gets only a small share of the
 * keeper's time.  A worker that has used up its budget is served more slowly,
 * never refused.
 */
#ifndef DAEMON_KEEPER_BUDGET_H
#define DAEMON_KEEPER_BUDGET_H

#include "common/base.h"

#define KEEPER_BURST	   500
#define KEEPER_INTERVAL_MS 20	/* 50 a second */

struct keeper_budget {
	int64_t credit;		/* ms; a signature costs an interval */
	int64_t since;		/* clock_ms() of the last count */
};

void keeper_budget_init(struct keeper_budget *b, int64_t now);

/* Take one signature, if there is any. */
bool keeper_budget_take(struct keeper_budget *b, int64_t now);

/* When the next one can be taken; `now` or later. */
int64_t keeper_budget_due(const struct keeper_budget *b, int64_t now);

#endif
