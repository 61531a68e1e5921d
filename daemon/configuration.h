/*
 * configuration.h - the settings in use, and what is loaded by them.
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
#include "daemon/keeping.h"
#include "daemon/options.h"

struct configuration {
	struct settings *settings;
	struct tls_server *tls;		/* of these settings; never NULL */
	struct names *names;		/* of accounts and groups */
	struct keeping *keeping;	/* of the keys of `tls`; NULL without */
	int runner;			/* running_service() */
};

/* Load what file and command line ask for; there is no keeper yet.  0, or -1
 * after every mistake was logged; then *c is empty. */
int configuration_load(struct configuration *c, const struct options *options)
	MUST_CHECK;

/* Start the keeper, if the configuration has certificates.  0, or -1 after the
 * reason was logged. */
int configuration_start_keeper(struct configuration *c, struct loop *loop)
	MUST_CHECK;

/* Free its content. */
void configuration_clear(struct configuration *c);

#endif
