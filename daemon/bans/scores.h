/*
 * scores.h - counts failures by address and decides when to ban it.
 *
 * Each failed login and each abnormal end of a session adds to the score of the
 * address prefix, which decays with time: `limit` failed logins are forgotten
 * in `window`.  A prefix whose score reaches the limit is banned, each time
 * twice as long as before; it starts again from the first length when it was
 * not banned for max_time.
 *
 * A user name and password that has failed already counts once only: a program
 * that keeps trying an old password guesses nothing.  And a successful login
 * takes back what the same user's failed logins have added.  So an office
 * behind one address is not banned for a user's old password.  User names and
 * passwords are known by keyed hashes only (common/accounts/guess.h).
 *
 * Accounts are never banned: others could lock out the owner.  An
 * unknown user counts like a wrong password, or bans would reveal which users
 * exist.
 *
 * The table has a fixed size, and all functions take constant time; a full hash
 * bucket forgets its smallest score, as it has decayed by then.  Policy only:
 * makes no system calls except for one random number at the start; the time
 * (clock_ms) is an argument.
 */
#ifndef DAEMON_SCORES_H
#define DAEMON_SCORES_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"

#define SCORES_LOGIN   INT64_C(1000000)	/* a failed login */
#define SCORES_ALWAYS  INT64_MAX	/* reaches every limit */
#define SCORES_GUESSES 16		/* remembered for each prefix */
#define SCORES_MAX     4096		/* prefixes in a table */

/* Enough to double any time beyond any max_time. */
#define SCORES_MAX_BANS 32

struct scores;

/* What a table keeps about a prefix, except its guesses: their hashes are of no
 * use to another program, which has a key of its own. */
struct score {
	struct address_prefix prefix;
	int64_t value;		/* SCORES_LOGIN... */
	int64_t last;		/* when it was valid */
	int64_t banned_until;	/* the end of the last ban */
	int bans;		/* one after another */
};

struct scores_rules {
	int64_t limit;		/* in failed logins; 0: none is banned */
	int64_t window;		/* milliseconds, as the following: */
	int64_t time;		/* of the first ban */
	int64_t max_time;
};

/* An empty table; NULL when out of memory. */
struct scores *scores_new(void);
void scores_free(struct scores *s);

/* A number that changes with the table. */
uint64_t scores_changes(const struct scores *s);

/* All scores, in no order: begin with *at = 0.  False after the last. */
bool scores_next(const struct scores *s, size_t *at, struct score *score);

/* Add a score that scores_next() of an earlier table has returned; one that is
 * newer stays. */
void scores_put(struct scores *s, const struct score *score);

/* For the next program (state.h). */
struct state_reader;
struct state_writer;
void scores_save(const struct scores *s, struct state_writer *w);
void scores_restore(struct scores *s, struct state_reader *r);

/* What the end of a session adds; 0 for a normal end.  Failed logins are not
 * included, because they count when they happen. */
int64_t scores_cost(enum outcome outcome);

/* Add to the score of a prefix; `guess` is NULL if it is not for a failed login
 * with a password.  The length of the ban, in milliseconds, if the prefix is to
 * be banned now; else 0. */
int64_t scores_add(struct scores *s, const struct address_prefix *prefix,
	const struct scores_rules *rules, int64_t cost,
	const struct guess *guess, int64_t now);

/* This user has logged in. */
void scores_login(struct scores *s, const struct address_prefix *prefix,
	uint64_t user);

/* Forget everything about a prefix. */
void scores_forget(struct scores *s, const struct address_prefix *prefix);

#endif
