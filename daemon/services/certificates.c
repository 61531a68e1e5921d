/*
 * certificates.c - checks periodically whether the files of the certificates
 * have changed.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/services/certificates.h"

#include "common/clock.h"

void
certificates_loaded(struct certificates *c,
	const struct configuration *configuration)
{
	int64_t interval =
	    configuration->settings->server.certificate_check_interval;

	c->next = tls_server_on(configuration->tls) ? clock_after(interval) :
	    CLOCK_NEVER;
}

bool
certificates_changed(struct certificates *c,
	const struct configuration *configuration)
{
	if (!clock_passed(c->next))
		return false;
	certificates_loaded(c, configuration);
	return tls_server_changed(configuration->tls);
}

int64_t
certificates_due(const struct certificates *c)
{
	return c->next;
}
