/*
 * reload.h - a new configuration without a restart: all of it, or only the
 * certificates after their files have changed.
 *
 * With certificates a reload takes two steps, because the master does not wait
 * for the new keeper to read the keys: until the keeper is ready the
 * server continues with the current configuration.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "common/base.h"
#include "daemon/services/bookkeeper_service.h"
#include "daemon/services/certificates.h"
#include "daemon/clients/clients.h"
#include "daemon/configuration.h"
#include "daemon/control/admin.h"
#include "daemon/options.h"
#include "daemon/services/recorder_service.h"
#include "daemon/services/resolver.h"
#include "daemon/services/services.h"
#include "daemon/workers/workers.h"

enum reload_result {
	RELOAD_NONE,	/* none in progress, or it is not done yet */
	RELOAD_DONE,
	RELOAD_FAILED,	/* nothing was changed; the reason was logged */
};

struct reload {
	/* What a reload changes; set at the start. */
	const struct options *options;
	struct loop *loop;
	struct configuration *configuration;
	struct workers *workers;
	struct clients *clients;
	struct recorder_service *recorder;
	struct resolver *resolver;
	struct services *services;
	struct certificates *certificates;
	struct admin *admin;

	bool under_way;
	bool all;			/* the whole configuration, not only the
					 * certificates */
	bool failed;			/* to be reported by reload_step() */
	struct configuration next;	/* waiting for its keeper */
};

/*
 * Load the configuration again: settings, certificates, names.  The new
 * configuration applies to sessions that begin from now on, and everything that
 * the start did with the settings is repeated.  If it has an error, or an
 * address cannot be listened on, nothing is changed.  A reload in progress is
 * cancelled.
 */
void reload_begin(struct reload *r);

/* Load only the certificates again, with the current settings. */
void reload_begin_certificates(struct reload *r);

/* Finish a reload in progress when its keeper is ready. */
enum reload_result reload_step(struct reload *r, int64_t now) MUST_CHECK;

/* When reload_step() is due; CLOCK_NEVER. */
int64_t reload_due(const struct reload *r, int64_t now);

/* Cancel a reload in progress. */
void reload_cancel(struct reload *r);

/* Apply the settings in use, at the start and after a reload: log level, limit
 * of open files, PAM, control socket. */
void reload_apply(const struct reload *r);

#endif
