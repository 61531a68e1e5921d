/*
 * reload.h - a new configuration without a restart.
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
#include "daemon/workers.h"

/* What a reload changes; set at the start. */
struct reload {
	const struct options *options;
	struct configuration *configuration;
	struct workers *workers;
	struct clients *clients;
	struct recording *recording;
	struct certificates *certificates;
	struct admin *admin;
};

/*
 * Load the configuration again: settings, certificates, names.  It is used as
 * a whole, for sessions that begin from now on, and everything that the start
 * did with the settings is repeated; or not at all, when there is a mistake in
 * it or an address that cannot be listened on.  True when it is in use; the log
 * has the reason otherwise.
 */
bool reload_run(const struct reload *r);

/* The part of the start that a reload repeats, for settings that are in use:
 * log level, room for workers, PAM, control socket. */
void reload_apply(const struct reload *r);

#endif
