/*
 * master.h - the master process: it accepts, counts and refuses clients, keeps
 * workers ready and reaps them.  It parses nothing that a client sent, and
 * waits only in its event loop (rule R33).
 *
 * Every room keeps its own state; only the master knows all of them.  None of
 * them calls the master: they report by return values.
 */
#ifndef DAEMON_MASTER_H
#define DAEMON_MASTER_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/options.h"
#include "daemon/surroundings.h"

/* Run the server, as root, until a signal ends it.  Takes over the
 * configuration that was loaded by `options`.  The status to exit with. */
int master_main(const struct options *options,
	struct configuration *configuration,
	struct surroundings *surroundings);

#endif
