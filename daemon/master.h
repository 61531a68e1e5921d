/*
 * master.h - the process that owns everything and interprets nothing: it
 * accepts, counts, refuses, keeps workers ready and reaps them.  It parses not
 * one byte that a client sent, and it waits for nothing but its event loop
 * (rule R33).
 *
 * Every room keeps its own state; only the master knows all of them.  None of
 * them calls the master: what they find out are return values.
 */
#ifndef DAEMON_MASTER_H
#define DAEMON_MASTER_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/notify.h"
#include "daemon/options.h"

/* Be the server, as root, until a signal ends it.  Takes the configuration,
 * which `options` led to, over.  The status to exit with. */
int master_main(const struct options *options,
	struct configuration *configuration, const struct notify *notify);

#endif
