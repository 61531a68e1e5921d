/*
 * penalty.h - refuses addresses for a time after failures.
 *
 * Each failed login and each abnormal end of a session adds a penalty, in
 * milliseconds, to the address prefix.  Penalties add up, and expire as time
 * passes.  A prefix with more than PENALTY_GRACE_MS is refused until its whole
 * penalty has expired; the grace is for users who mistype a password a few
 * times.  A penalty never exceeds max_penalty; 0 disables penalties.
 *
 * Accounts are never penalised: others could lock out the owner (rule R17).
 *
 * Policy only: makes no system calls; the time (clock_ms) is an argument.
 */
#ifndef DAEMON_PENALTY_H
#define DAEMON_PENALTY_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"

#define PENALTY_GRACE_MS 15000

/* The penalty for a failed login.  It must be longer than a guess takes with
 * the default failed_login_delay (7 seconds for three), or guessing in one
 * connection after the other would never be refused. */
#define PENALTY_FAILED_LOGIN_MS 3000

#define PENALTY_ENTRIES  4096	/* prefixes in the table; a new one replaces the
				 * one with the smallest penalty */

struct penalties;
struct state_reader;
struct state_writer;

/* An empty table; NULL when out of memory. */
struct penalties *penalty_new(void);
void penalty_free(struct penalties *p);

/* For the next program (state.h). */
void penalty_save(const struct penalties *p, struct state_writer *w);
void penalty_restore(struct penalties *p, struct state_reader *r);

/* The penalty for the end of a session, in milliseconds; 0 for a normal end.
 * Failed logins are not included, because they are charged when they happen. */
int64_t penalty_cost(enum outcome outcome);

/* Add a penalty to this prefix.  `most` is the maximum, in milliseconds. True
 * when the prefix is refused from now on and was not before, so that the caller
 * logs it once. */
bool penalty_add(struct penalties *p, const struct address_prefix *prefix,
	int64_t cost, int64_t most, int64_t now);

/* Must the prefix be refused? */
bool penalty_holds(const struct penalties *p,
	const struct address_prefix *prefix, int64_t now);

/* Milliseconds until the prefix has no penalty. */
int64_t penalty_owed(const struct penalties *p,
	const struct address_prefix *prefix, int64_t now);

/* The number of prefixes with a penalty (including expired ones until the next
 * penalty_add()). */
size_t penalty_count(const struct penalties *p);

#endif
