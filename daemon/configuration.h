/*
 * configuration.h - what the server runs with: the settings and what they
 * name.
 *
 * There is one at a time.  A reload replaces it as a whole, a changed
 * certificate file its TLS; workers inherit what is current by fork.
 */
#ifndef DAEMON_CONFIGURATION_H
#define DAEMON_CONFIGURATION_H

#include "common/base.h"
#include "common/names.h"
#include "common/settings/settings.h"
#include "common/tls/tls_server.h"
#include "daemon/options.h"

struct configuration {
	struct settings *settings;
	struct tls_server *tls;		/* of these settings; never NULL */
	struct names *names;		/* of accounts and groups */
};

/* Load what file and command line ask for.  0, or -1 after every mistake was
 * logged; then *c is empty. */
int configuration_load(struct configuration *c, const struct options *options)
	MUST_CHECK;

/* Free what it holds. */
void configuration_clear(struct configuration *c);

#endif
