/*
 * certificates.c - checking now and then whether the files that TLS is served
 * with have changed.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/certificates.h"

#include "common/clock.h"
#include "common/log/log.h"

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
certificates_check(struct certificates *c,
	struct configuration *configuration)
{
	if (!clock_passed(c->next))
		return false;
	certificates_loaded(c, configuration);
	if (!tls_server_changed(configuration->tls))
		return false;

	struct tls_server *tls = options_load_tls(configuration->settings);
	if (tls == NULL) {
		log_error("keeping the current certificates");
		return false;
	}
	tls_server_free(configuration->tls);
	configuration->tls = tls;
	certificates_loaded(c, configuration);
	log_info("certificates reloaded");
	return true;
}

int64_t
certificates_due(const struct certificates *c)
{
	return c->next;
}
