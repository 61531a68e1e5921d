/*
 * master.h - the master process: it accepts, counts and refuses clients, keeps
 * workers ready and reaps them.  It parses nothing that a client sent, and
 * waits only in its event loop.
 *
 * Every module has its own state; only master.c uses all of them.  They do not
 * call master.c, but report by return values.
 */
#ifndef DAEMON_MASTER_H
#define DAEMON_MASTER_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/options.h"
#include "daemon/upgrade/surroundings.h"

/* Run the server, as root or after role_without_root(), until a signal ends it.
 * Takes ownership of the configuration, which was loaded with `options`.
 * Returns the exit status. */
int master_main(const struct options *options,
	struct configuration *configuration,
	struct surroundings *surroundings);

#endif
