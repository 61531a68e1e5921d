/*
 * penalty.h - refuses addresses for a time after failures.
 *
 * Each failed login and each bad end of a session costs its address prefix
 * some time.  The times add up and expire by themselves.  Up to
 * PENALTY_GRACE_MS nothing happens, so that a few mistyped passwords do not
 * lock out a user; beyond, the prefix is refused until all of its time has
 * expired.  Never more than the longest penalty (setting max_penalty) is owed;
 * 0 turns penalties off.
 *
 * Never by account: others could lock out its owner (rule R17).
 *
 * Policy only: no system call, the time (clock_ms) is an argument.
 */
#ifndef DAEMON_PENALTY_H
#define DAEMON_PENALTY_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"

#define PENALTY_GRACE_MS 15000

/* What a failed login costs.  More than the time that guessing takes where
 * failed_login_delay is the default (7 seconds for three), or
 * guessing in one connection after the other would never be refused. */
#define PENALTY_FAILED_LOGIN_MS 3000

#define PENALTY_ENTRIES  4096	/* prefixes remembered; the one that owes
				 * least makes room for a new one */

struct penalties;

/* An empty table; NULL when out of memory. */
struct penalties *penalty_new(void);
void penalty_free(struct penalties *p);

/* What the end of a session costs, in milliseconds; 0 for a normal end.
 * Failed logins are not included: each was charged when it happened. */
int64_t penalty_cost(enum outcome outcome);

/* Charge this prefix.  `most` is the longest penalty in milliseconds.  True
 * when from now on the prefix is refused and was not before, so that the
 * caller can log it once. */
bool penalty_add(struct penalties *p, const struct address_prefix *prefix,
	int64_t cost, int64_t most, int64_t now);

/* Is the prefix to be refused? */
bool penalty_holds(const struct penalties *p,
	const struct address_prefix *prefix, int64_t now);

/* Milliseconds until the prefix owes nothing. */
int64_t penalty_owed(const struct penalties *p,
	const struct address_prefix *prefix, int64_t now);

/* Prefixes that owe something (expired ones may be among them until the next
 * penalty_add()). */
size_t penalty_count(const struct penalties *p);

#endif
