/*
 * bans.h - the addresses and networks that are refused, until when, and why.
 *
 * Bounded: a full table makes room for a new ban by ending the automatic one
 * that would end first.  A linear search over at most BANS_MAX entries takes
 * less time than the fork for an accepted client.
 *
 * Makes no system calls; the time (clock_ms) is an argument.
 */
#ifndef DAEMON_BANS_H
#define DAEMON_BANS_H

#include "common/address_range.h"
#include "common/base.h"

#define BANS_MAX         1024
#define BANS_REASON_SIZE 64

struct ban {
	struct address_range range;
	int64_t until;		/* clock_ms(); CLOCK_NEVER: no end */
	bool manual;		/* by an administrator */
	char reason[BANS_REASON_SIZE];
};

struct bans;

/* An empty table; NULL when out of memory. */
struct bans *bans_new(void);
void bans_free(struct bans *b);

/* For the next program (state.h). */
struct state_reader;
struct state_writer;
void bans_save(const struct bans *b, struct state_writer *w);
void bans_restore(struct bans *b, struct state_reader *r);

/* Is there a ban of exactly this range? */
bool bans_has(struct bans *b, const struct address_range *range);

/* Before bans_add(): if the table is full and has none of this range, remove
 * the automatic ban that would end first: true, and the ban in *ended. */
bool bans_make_room(struct bans *b, const struct address_range *range,
	struct ban *ended) MUST_CHECK;

/* Add a ban, or replace the one of the same range.  0; -ENOSPC when the table
 * is full of manual bans. */
int bans_add(struct bans *b, const struct ban *ban) MUST_CHECK;

/* The ban that applies to an address; NULL if there is none. */
const struct ban *bans_find(const struct bans *b, const struct address *a,
	int64_t now);

/* Lift the ban of exactly this range: true, and the ban in *lifted; false if
 * there is none. */
bool bans_lift(struct bans *b, const struct address_range *range,
	struct ban *lifted) MUST_CHECK;

/* Remove a ban that has ended: true, and the ban in *ended; false if there is
 * none. */
bool bans_ended(struct bans *b, struct ban *ended, int64_t now) MUST_CHECK;

/* When bans_ended() is due next. */
int64_t bans_due(const struct bans *b);

/* A number that changes with the table. */
uint64_t bans_changes(const struct bans *b);

/* All of them, in no order; NULL after the last. */
const struct ban *bans_get(const struct bans *b, size_t i);

#endif
