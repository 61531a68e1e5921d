/*
 * configuration.h - the settings in use, and what they have loaded.
 *
 * There is one at a time.  A reload replaces it as a whole; a changed
 * certificate file replaces only its TLS.  Workers inherit the current one by
 * fork.
 */
#ifndef DAEMON_CONFIGURATION_H
#define DAEMON_CONFIGURATION_H

#include "common/base.h"
#include "common/names.h"
#include "common/process/passive_ports.h"
#include "common/settings/settings.h"
#include "common/tls/tls_server.h"
#include "daemon/services/keeper_service.h"
#include "daemon/options.h"

struct configuration {
	struct settings *settings;
	struct tls_server *tls;		/* of these settings; never NULL */
	struct names *names;		/* names of accounts and groups */
	struct passive_ports *ports;	/* for all sessions, across reloads;
					 * NULL before the server starts */
	struct keeper_service *keeper;	/* keeper of the keys of `tls`; NULL
					 * without TLS */
	/* for monitors, set by services.h: the sending ends of the service
	 * sockets; -1 if the settings do not need the process */
	int runner, radius, bookkeeper;
	const uint8_t *run_key;		/* of `running`; or NULL */
};

/* Load the configuration file and command line, without starting a keeper.  0,
 * or -1 after all errors were logged; then *c is empty. */
int configuration_load(struct configuration *c, const struct options *options)
	MUST_CHECK;

/* Start the keeper, if the configuration has certificates.  0, or -1 after the
 * reason was logged. */
int configuration_start_keeper(struct configuration *c, struct loop *loop)
	MUST_CHECK;

/* The same at the start of the server: wait until it has read the keys. */
int configuration_await_keeper(struct configuration *c, struct loop *loop)
	MUST_CHECK;

/* Free its contents. */
void configuration_clear(struct configuration *c);

#endif
