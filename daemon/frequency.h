/*
 * frequency.h - how often something happens per address: connections, logins.
 *
 * A token bucket for each address prefix: so many at once, and as many again in
 * a period.  The table has a fixed size and every step takes the same time;
 * when it is full, the address that was quiet longest makes room among those
 * that have the same place, which is a different one in every run.
 *
 * Policy only: no system call but for one random number at the start; the time
 * (clock_ms) is an argument.
 */
#ifndef DAEMON_FREQUENCY_H
#define DAEMON_FREQUENCY_H

#include "common/address.h"
#include "common/base.h"

struct frequency;

/* An empty table; NULL when out of memory. */
struct frequency *frequency_new(void);
void frequency_free(struct frequency *f);

/* May it happen once more, with at most `limit` in a period of `ms`?  If so it
 * is counted.  A limit of 0 is none. */
bool frequency_allows(struct frequency *f,
	const struct address_prefix *prefix, int64_t limit, int64_t ms,
	int64_t now);

#endif
