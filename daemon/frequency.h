/*
 * frequency.h - limits the frequency of connections or logins per address.
 *
 * A token bucket for each address prefix: it holds `limit` events, and is
 * refilled within a period.  The table has a fixed size, and all functions take
 * constant time.  If a hash bucket is full, its least recently used address is
 * replaced; hashes use a random seed.
 *
 * Policy only: makes no system calls except for one random number at the start;
 * the time (clock_ms) is an argument.
 */
#ifndef DAEMON_FREQUENCY_H
#define DAEMON_FREQUENCY_H

#include "common/address.h"
#include "common/base.h"

struct frequency;

/* An empty table; NULL when out of memory. */
struct frequency *frequency_new(void);
void frequency_free(struct frequency *f);

/* May one more event happen, with at most `limit` in a period of `ms`?  If so,
 * count it.  A limit of 0 means no limit. */
bool frequency_allows(struct frequency *f,
	const struct address_prefix *prefix, int64_t limit, int64_t ms,
	int64_t now);

#endif
