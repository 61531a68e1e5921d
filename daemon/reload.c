/*
 * reload.c - new settings without a restart.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reload.h"

#include "common/log/log.h"
#include "daemon/certificates.h"
#include "daemon/recording.h"
#include "daemon/workers.h"

/* What was fixed when the master gave up the rights to change it. */
static void
warn_of_fixed(const struct server_settings *old,
	const struct server_settings *new)
{
	if (strcmp(old->greeter_user, new->greeter_user) != 0 ||
	    strcmp(old->recorder_user, new->recorder_user) != 0)
		log_warning("greeter_user and recorder_user change only with "
			"a restart");
}

static int
change_listeners(struct master *m, const struct settings *settings)
{
	master_listen(m, false);
	int error = listener_change(&m->listeners, settings);
	master_listen(m, true);
	return error;
}

static void
change_names(struct master *m)
{
	struct names *names = names_load("/etc/passwd", "/etc/group");

	if (names == NULL) {
		log_warning("cannot read the names of accounts again");
		return;
	}
	names_free(m->names);
	m->names = names;
}

static bool
reload(struct master *m)
{
	struct settings *new = options_load(m->options);
	struct tls_server *tls = new == NULL ? NULL : options_load_tls(new);

	if (tls == NULL || change_listeners(m, new) < 0) {
		tls_server_free(tls);
		settings_free(new);
		return false;
	}
	warn_of_fixed(&m->settings->server, &new->server);
	settings_free(m->settings);
	m->settings = new;
	certificates_use(m, tls);
	log_set_level((enum log_level)new->server.level);
	change_names(m);
	admin_change(m);
	recording_change(m);
	workers_retire_spares(m);
	return true;
}

void
reload_settings(struct master *m)
{
	if (m->stop != STOP_NOT)
		return;
	notify_reloading(&m->notify);
	if (reload(m))
		log_info("settings read again");
	else
		log_error("the old settings stay");
	notify_ready(&m->notify);
}
