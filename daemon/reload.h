/*
 * reload.h - a new configuration without a restart: all of it, or only the
 * certificates after their files have changed.
 *
 * With certificates it takes two steps, because the master does not wait for
 * the new keeper to read their keys (rule R33): until that is ready the server
 * goes on with what it has.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "common/base.h"
#include "daemon/certificates.h"
#include "daemon/clients.h"
#include "daemon/configuration.h"
#include "daemon/control/admin.h"
#include "daemon/options.h"
#include "daemon/recording.h"
#include "daemon/running.h"
#include "daemon/workers.h"

enum reload_result {
	RELOAD_NONE,	/* none in progress, or it is not done yet */
	RELOAD_DONE,
	RELOAD_FAILED,	/* nothing was changed; the log has the reason */
};

struct reload {
	/* What it changes; set at the start. */
	const struct options *options;
	struct loop *loop;
	struct configuration *configuration;
	struct workers *workers;
	struct clients *clients;
	struct recording *recording;
	struct running *running;
	struct certificates *certificates;
	struct admin *admin;

	bool under_way;
	bool all;			/* not only the certificates */
	bool failed;			/* to be reported by reload_step() */
	struct configuration next;	/* waits for its keeper */
};

/*
 * Load the configuration again: settings, certificates, names.  It is used as
 * a whole, for sessions that begin from now on, and everything that the start
 * did with the settings is repeated; or not at all, when there is a mistake in
 * it or an address that cannot be listened on.  A reload in progress is
 * cancelled.
 */
void reload_begin(struct reload *r);

/* Load the certificates again, with the settings as they are. */
void reload_begin_certificates(struct reload *r);

/* Finish a reload in progress when its keeper is ready. */
enum reload_result reload_step(struct reload *r, int64_t now) MUST_CHECK;

/* When reload_step() is due; CLOCK_NEVER. */
int64_t reload_due(const struct reload *r, int64_t now);

/* Cancel a reload in progress. */
void reload_cancel(struct reload *r);

/* The part of the start that a reload repeats, for settings that are in use:
 * log level, room for workers, PAM, control socket. */
void reload_apply(const struct reload *r);

#endif
