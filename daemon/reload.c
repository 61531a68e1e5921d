/*
 * reload.c - a new configuration without a restart.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reload.h"

#include "common/log/log.h"
#include "pam/warm_up.h"

/* These accounts were fixed when the master gave up the right to change
 * them. */
static void
warn_of_fixed(const struct server_settings *old,
	const struct server_settings *new)
{
	if (strcmp(old->greeter_user, new->greeter_user) != 0 ||
	    strcmp(old->recorder_user, new->recorder_user) != 0 ||
	    strcmp(old->keeper_user, new->keeper_user) != 0)
		log_warning("a change of greeter_user, recorder_user or "
			"keeper_user takes effect after a restart");
}

void
reload_apply(const struct reload *r)
{
	const struct server_settings *s = &r->configuration->settings->server;

	log_set_level((enum log_level)s->level);
	admin_change(r->admin, s->control_socket);
	warm_up_pam(s->pam_service);
	certificates_loaded(r->certificates, r->configuration);
	workers_renew(r->workers);
}

bool
reload_run(const struct reload *r)
{
	struct configuration new, old = *r->configuration;

	if (configuration_load(&new, r->options) < 0)
		return false;
	if (clients_listen(r->clients, new.settings) < 0) {
		configuration_clear(&new);
		return false;
	}
	*r->configuration = new;
	warn_of_fixed(&old.settings->server, &new.settings->server);
	recording_change(r->recording);
	reload_apply(r);
	configuration_clear(&old);
	return true;
}
