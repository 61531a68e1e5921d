/*
 * configuration.c - loads the settings and the files that they name.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/configuration.h"

#include "common/log/log.h"
#include "common/settings/settings_load.h"

int
configuration_load(struct configuration *c, const struct options *options)
{
	*c = (struct configuration){ .settings = options_load(options) };
	if (c->settings == NULL)
		return -1;
	c->tls = options_load_tls(c->settings);
	if (c->tls != NULL) {
		c->names = names_load("/etc/passwd", "/etc/group");
		if (c->names != NULL)
			return 0;
		log_error("cannot read the names of users and groups: %s",
			strerror(ENOMEM));
	}
	configuration_clear(c);
	return -1;
}

int
configuration_start_keeper(struct configuration *c, struct loop *loop)
{
	if (!tls_server_on(c->tls))
		return 0;
	c->keeper = keeper_service_new(loop, c->tls);
	return c->keeper != NULL ? 0 : -1;
}

int
configuration_await_keeper(struct configuration *c, struct loop *loop)
{
	if (configuration_start_keeper(c, loop) < 0)
		return -1;
	return c->keeper == NULL ||
	    keeper_service_wait(c->keeper) == KEEPER_READY ? 0 : -1;
}

void
configuration_clear(struct configuration *c)
{
	keeper_service_free(c->keeper);
	passive_ports_free(c->ports);
	names_free(c->names);
	tls_server_free(c->tls);
	settings_free(c->settings);
	*c = (struct configuration){ 0 };
}
