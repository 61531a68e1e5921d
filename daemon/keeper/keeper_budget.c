/*
 * keeper_budget.c - a token bucket for signatures.
 *
 * Runs in: keeper.
 */
#include "common/base.h"
#include "daemon/keeper/keeper_budget.h"

#define CREDIT_MAX ((int64_t)KEEPER_BURST * KEEPER_INTERVAL_MS)

void
keeper_budget_init(struct keeper_budget *b, int64_t now)
{
	*b = (struct keeper_budget){ .credit = CREDIT_MAX, .since = now };
}

bool
keeper_budget_take(struct keeper_budget *b, int64_t now)
{
	b->credit += now - b->since;
	b->since = now;
	if (b->credit > CREDIT_MAX)
		b->credit = CREDIT_MAX;
	if (b->credit < KEEPER_INTERVAL_MS)
		return false;
	b->credit -= KEEPER_INTERVAL_MS;
	return true;
}

int64_t
keeper_budget_due(const struct keeper_budget *b, int64_t now)
{
	int64_t at = b->since + KEEPER_INTERVAL_MS - b->credit;

	return at > now ? at : now;
}
