/*
 * reload.c - a new configuration without a restart.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reload.h"

#include "common/accounts/quota_limits.h"
#include "common/clock.h"
#include "common/heap.h"
#include "common/log/log.h"
#include "common/process/stack.h"
#include "common/process/title.h"
#include "common/text.h"
#include "daemon/rates/rates.h"
#include "daemon/workers/broadcast.h"
#include "pam/warm_up.h"

/* These accounts are looked up at the start only, by role_prepare(), and
 * quota_user with the first quota. */
static void
warn_of_fixed(const struct settings *former, const struct settings *current)
{
	const struct server_settings *old = &former->server;
	const struct server_settings *new = &current->server;

	if (strcmp(old->greeter_user, new->greeter_user) != 0 ||
	    strcmp(old->recorder_user, new->recorder_user) != 0 ||
	    strcmp(old->keeper_user, new->keeper_user) != 0)
		log_warning("a change of greeter_user, recorder_user or "
			"keeper_user takes effect after a restart");
	if (strcmp(old->quota_user, new->quota_user) != 0 &&
	    quota_is_configured(former))
		log_warning("a change of quota_user takes effect after a "
			"restart");
}

void
reload_apply(const struct reload *r)
{
	const struct server_settings *s = &r->configuration->settings->server;

	log_set_level((enum log_level)s->level);
	broadcast_log_level(workers_sessions(r->workers),
		workers_board(r->workers), (enum log_level)s->level);
	title_enable(s->process_titles);
	admin_change(r->admin, s);
	warm_up_pam(s->pam_service, s->file_user_sessions ||
		text_list_has(s->backends, "pam"));
	certificates_loaded(r->certificates, r->configuration);
	resolver_change(r->resolver, r->configuration->settings);
	rates_change(workers_rates(r->workers), r->configuration->settings);
	workers_renew(r->workers);
}

void
reload_cancel(struct reload *r)
{
	configuration_clear(&r->next);
	r->under_way = false;
}

static void
begin(struct reload *r, bool all, int error)
{
	if (error == 0)
		error = configuration_start_keeper(&r->next, r->loop);
	r->under_way = true;
	r->all = all;
	r->failed = error < 0;
}

void
reload_begin(struct reload *r)
{
	reload_cancel(r);
	heap_empty_holes();
	begin(r, true, configuration_load(&r->next, r->options));
}

void
reload_begin_certificates(struct reload *r)
{
	reload_cancel(r);
	heap_empty_holes();
	r->next.tls = options_load_tls(r->configuration->settings);
	begin(r, false, r->next.tls != NULL ? 0 : -1);
}

/* The new keeper has verified the key files.  If they contain the same keys,
 * keep the current keeper: it serves old and new sessions, and is replaced for
 * all of them if it dies. */
static void
keep_keeper(struct reload *r)
{
	struct configuration *now = r->configuration, *next = &r->next;

	if (next->keeper == NULL || !keeper_service_serves(now->keeper) ||
	    !tls_server_same_keys(now->tls, next->tls))
		return;
	keeper_service_free(next->keeper);
	next->keeper = now->keeper;
	now->keeper = NULL;
	keeper_service_change(next->keeper, next->tls);
}

static enum reload_result
use_all(struct reload *r)
{
	if (clients_listen(r->clients, r->next.settings) < 0)
		return RELOAD_FAILED;
	keep_keeper(r);
	struct configuration old = *r->configuration;
	r->next.ports = old.ports;
	old.ports = NULL;
	*r->configuration = r->next;
	r->next = (struct configuration){ 0 };
	warn_of_fixed(old.settings, r->configuration->settings);
	recorder_service_change(r->recorder);
	services_change(r->services, r->configuration);
	reload_apply(r);
	configuration_clear(&old);
	return RELOAD_DONE;
}

static enum reload_result
use_certificates(struct reload *r)
{
	keep_keeper(r);
	struct configuration old = {
		.tls = r->configuration->tls,
		.keeper = r->configuration->keeper,
	};

	r->configuration->tls = r->next.tls;
	r->configuration->keeper = r->next.keeper;
	r->next = (struct configuration){ 0 };
	certificates_loaded(r->certificates, r->configuration);
	workers_renew(r->workers);
	configuration_clear(&old);
	return RELOAD_DONE;
}

static enum keeper_service_state
state_of_keeper(const struct reload *r)
{
	if (r->failed)
		return KEEPER_FAILED;
	return r->next.keeper == NULL ? KEEPER_READY :
	    keeper_service_state(r->next.keeper);
}

enum reload_result
reload_step(struct reload *r, int64_t now)
{
	enum reload_result result = RELOAD_FAILED;

	if (!r->under_way)
		return RELOAD_NONE;
	keeper_service_check_start(r->next.keeper, now);
	enum keeper_service_state state = state_of_keeper(r);
	if (state == KEEPER_STARTING)
		return RELOAD_NONE;
	if (state == KEEPER_READY)
		result = r->all ? use_all(r) : use_certificates(r);
	reload_cancel(r);
	heap_fill_holes();
	stack_release();
	return result;
}

int64_t
reload_due(const struct reload *r, int64_t now)
{
	if (!r->under_way)
		return CLOCK_NEVER;
	return state_of_keeper(r) == KEEPER_STARTING ?
	    keeper_service_due(r->next.keeper, now) : now;
}
