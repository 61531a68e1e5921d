/*
 * services.h - the processes that run only if the settings need them, and that
 * monitors reach by service sockets: runner, radius and bookkeeper.
 */
#ifndef DAEMON_SERVICES_H
#define DAEMON_SERVICES_H

#include "common/base.h"
#include "daemon/services/bookkeeper_service.h"
#include "daemon/configuration.h"
#include "daemon/services/radius_service.h"
#include "daemon/services/runner_service.h"

struct services {
	struct runner_service runner;
	struct radius_service radius;
	/* Its loop is set by the caller, before the start. */
	struct bookkeeper_service bookkeeper;
};

void services_init(struct services *s, struct metrics *metrics);

/* Create the sockets, and put them into the configuration.  0 or -errno. */
int services_open(struct services *s, struct configuration *configuration)
	MUST_CHECK;

/* For the next program (state.h), in place of services_open(). */
void services_save(const struct services *s, struct state_writer *w);
void services_restore(struct services *s, struct configuration *configuration,
	struct state_reader *state);

/* After a reload: use these settings. */
void services_change(struct services *s, struct configuration *configuration);

/* Restart those that have died.  True when sessions with a quota must be
 * attached to a new bookkeeper. */
bool services_step(struct services *s,
	const struct configuration *configuration, int64_t now) MUST_CHECK;

/* When services_step() is due; CLOCK_NEVER. */
int64_t services_due(const struct services *s, int64_t now);

/* Attach their logs to a new recorder. */
void services_reattach(const struct services *s);

/* Handle a result of waitpid(); true when it was one of them. */
bool services_exited(struct services *s, pid_t pid, int status);

/* Reap those that have exited. */
void services_reap(struct services *s);

/* At the shutdown: they finish what they have received, and exit. */
void services_close(struct services *s);

#endif
