/*
 * charges.h - charges addresses for failures of their sessions, and logs that.
 * The costs and their effect are described in penalty.h.
 */
#ifndef DAEMON_CHARGES_H
#define DAEMON_CHARGES_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/sessions.h"

struct charges;
struct state_reader;
struct state_writer;

/* An empty state; NULL when out of memory.  `configuration` must outlive it. */
struct charges *charges_new(const struct configuration *configuration);
void charges_free(struct charges *c);

/* For the next program (state.h). */
void charges_save(const struct charges *c, struct state_writer *w);
void charges_restore(struct charges *c, struct state_reader *r);

/* Is this prefix refused for earlier failures? */
bool charges_refuse(const struct charges *c,
	const struct address_prefix *prefix);

/* Log further lines and events for this worker's session; NULL: for none. */
void charges_log_about(const struct slot *slot);

/* A login of this session failed. */
/* Count a login, successful or not: has the slot's address not had too many of
 * late (max_login_rate)? */
bool charges_allow_login(struct charges *c, const struct slot *slot);

void charges_failed_login(struct charges *c, const struct slot *slot);

/* How many sessions ended by a crash. */
uint64_t charges_crashes(const struct charges *c);

/* The session has ended, and its monitor with this wait status. */
void charges_exited(struct charges *c, const struct slot *slot, int status);

#endif
