/*
 * charges.h - charges addresses for failures of their sessions, bans them, and
 * logs that.  scores.h describes what counts, bans.h the table of bans.
 */
#ifndef DAEMON_CHARGES_H
#define DAEMON_CHARGES_H

#include "common/base.h"
#include "common/process/page.h"
#include "daemon/bans/bans.h"
#include "daemon/configuration.h"
#include "daemon/bans/scores.h"
#include "daemon/sessions/sessions.h"

struct charges;
struct state_reader;
struct state_writer;

/* An empty state; NULL when out of memory.  `configuration` must outlive it. */
struct charges *charges_new(const struct configuration *configuration);
void charges_free(struct charges *c);

/* For the next program (state.h). */
void charges_save(const struct charges *c, struct state_writer *w);
void charges_restore(struct charges *c, struct state_reader *r);

/* Is this address banned? */
bool charges_banned(const struct charges *c, const struct address *peer);

/* The bans, to be listed and kept. */
struct bans *charges_bans(const struct charges *c);

/* The scores of addresses, or of networks, to be kept. */
struct scores *charges_scores(const struct charges *c, bool networks);

/* Ban a range, and log that.  0; -ENOSPC: bans.h. */
int charges_ban(struct charges *c, const struct ban *ban) MUST_CHECK;

/* Lift the ban of a range, forget its failures, and log that; false if it is
 * not banned. */
bool charges_unban(struct charges *c, const struct address_range *range)
	MUST_CHECK;

/* Log the bans that have ended. */
void charges_step(struct charges *c, int64_t now);
int64_t charges_due(const struct charges *c);

/* Count a connection.  False if the prefix has made too many recently
 * (max_connection_rate, max_connections_per_second). */
bool charges_allow_connection(struct charges *c,
	const struct address_prefix *prefix);

/* Log further lines and events for this worker's session; NULL: for none. */
void charges_log_about(const struct slot *slot);

/* Count a login attempt, successful or not.  False if the slot's address
 * exceeds max_login_rate. */
bool charges_allow_login(struct charges *c, const struct slot *slot);

/* A login of this session failed. */
void charges_failed_login(struct charges *c, const struct slot *slot,
	const struct guess *guess);

/* A user, known by the hash of the name, has logged in. */
void charges_login(struct charges *c, const struct slot *slot, uint64_t user);

/* How many sessions ended by a crash. */
uint64_t charges_crashes(const struct charges *c);

/* The session has ended, and its monitor with this wait status.  `page` is its
 * report, NULL if it cannot be read. */
void charges_exited(struct charges *c, const struct slot *slot,
	const struct page_report *page, int status);

#endif
