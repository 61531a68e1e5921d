/*
 * succession.c - from one program to the next in the same process.
 *
 * Runs in: master.  Never: waits.
 */
#include "common/base.h"
#include "daemon/succession.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/control/orders.h"

#define SETTLE_MS 2000	/* for workers that were just forked */
#define AGAIN_MS  5
#define RENEW_MS  60000	/* from one renewal to the next */

#define NO_RENEWAL UINT64_MAX	/* a number that crashes never reach */

/* --- handing on */

static void
save_master(const struct succession *s, struct state_writer *w)
{
	state_begin(w, STATE_MASTER);
	STATE_PUT(w, s->source->started);
	STATE_PUT(w, s->source->started_wall_ns);
	STATE_PUT(w, s->next_renewal);
	state_put_text(w, s->upgrade.path);
	state_put_fd(w, s->metrics);
	state_put_fd(w, s->ports);
	bans_file_save(s->bans_file, w);
	state_end(w);
}

static void
save_services(const struct succession *s, struct state_writer *w)
{
	state_begin(w, STATE_SERVICES);
	services_save(s->reload->services, w);
	recorder_service_save(s->reload->recorder, w);
	resolver_save(s->reload->resolver, w);
	state_end(w);
}

/* Returns if it fails. */
static void
take_over(struct succession *s)
{
	struct state_writer *w = state_writer_new();

	if (w == NULL) {
		log_error("cannot upgrade: %s", strerror(ENOMEM));
		return;
	}
	surroundings_save(s->surroundings,
		clients_listeners(s->reload->clients), w);
	save_master(s, w);
	workers_save(s->reload->workers, w);
	clients_save(s->reload->clients, w);
	save_services(s, w);
	admin_save(s->admin, w);
	notify_reloading(&s->surroundings->notify);
	(void)upgrade_execute(&s->upgrade, w);
	notify_ready(&s->surroundings->notify);
	state_writer_free(w);
}

/* --- when */

static void
set_waiting(struct succession *s, bool on, int64_t now)
{
	s->waiting = on;
	s->give_up = now + SETTLE_MS;
	clients_pause(s->reload->clients, on);
	workers_pause(s->reload->workers, on);
}

static void
end(struct succession *s)
{
	const struct message_admin_done done = orders_finished(ADMIN_UPGRADE,
		false, 0);

	if (s->waiting)
		set_waiting(s, false, clock_ms());
	upgrade_end(&s->upgrade);
	s->renewing = false;
	admin_answer(s->admin, &done);
}

void
succession_begin(struct succession *s)
{
	if (!s->upgrade.under_way)
		(void)!upgrade_begin(&s->upgrade, false);
}

static bool
needs_renewal(const struct succession *s)
{
	return s->reload->configuration->settings->server.renew_after_crash &&
	    !s->upgrade.under_way &&
	    workers_crashes(s->reload->workers) != s->crashes;
}

/* The same program, with a new memory layout. */
static void
renew(struct succession *s, int64_t now)
{
	s->renewing = true;
	s->crashes = workers_crashes(s->reload->workers);
	s->next_renewal = now + RENEW_MS;
	log_info("restarting in place after a crash");
	(void)!upgrade_begin(&s->upgrade, true);
}

void
succession_cancel(struct succession *s)
{
	bool renewing = s->renewing;

	if (!s->upgrade.under_way)
		return;
	log_warning("upgrade cancelled");
	end(s);
	if (renewing) {	/* it comes after the reload */
		s->crashes = NO_RENEWAL;
		s->next_renewal = clock_ms();
	}
}

static void
wait_for_workers(struct succession *s, int64_t now)
{
	if (s->reload->under_way)
		return;
	if (workers_settled(s->reload->workers))
		take_over(s);
	else if (now < s->give_up)
		return;
	else
		log_error("cannot upgrade: workers did not start in time");
	end(s);
}

void
succession_step(struct succession *s, int64_t now)
{
	if (s->waiting) {
		wait_for_workers(s, now);
		return;
	}
	if (s->reload->under_way)
		return;
	if (needs_renewal(s) && now >= s->next_renewal)
		renew(s, now);
	switch (upgrade_step(&s->upgrade, now)) {
	case UPGRADE_NONE:
		break;
	case UPGRADE_FAILED:
		end(s);
		break;
	case UPGRADE_READY:
		set_waiting(s, true, now);
		wait_for_workers(s, now);
		break;
	}
}

int64_t
succession_due(const struct succession *s)
{
	if (s->waiting)
		return clock_ms() + AGAIN_MS;
	if (s->reload->under_way)
		return CLOCK_NEVER;
	return needs_renewal(s) ? s->next_renewal : upgrade_due(&s->upgrade);
}

/* --- in the next program */

void
succession_restore_master(struct succession *s, const struct options *options)
{
	struct state_reader *r = s->surroundings->state;

	upgrade_init(&s->upgrade, options, s->surroundings->program);
	if (r == NULL)
		return;
	state_enter(r, STATE_MASTER);
	STATE_GET(r, s->source->started);
	STATE_GET(r, s->source->started_wall_ns);
	STATE_GET(r, s->next_renewal);
	state_get_text(r, s->upgrade.path, sizeof(s->upgrade.path));
	s->metrics = state_get_fd(r);
	s->ports = state_get_fd(r);
	bans_file_restore(s->bans_file, r);
	state_leave(r);
}

void
succession_restore_workers(struct succession *s)
{
	struct state_reader *r = s->surroundings->state;

	if (r == NULL)
		return;
	workers_restore(s->reload->workers, r);
	clients_restore(s->reload->clients, r);
}

static int
start_services(const struct reload *m)
{
	int error = resolver_open(m->resolver);

	if (error == 0)
		error = services_open(m->services, m->configuration);
	return error < 0 ? error : recorder_service_start(m->recorder,
		m->configuration, runner_service_queue(&m->services->runner));
}

int
succession_start_services(struct succession *s)
{
	struct state_reader *r = s->surroundings->state;

	if (r == NULL)
		return start_services(s->reload);
	state_enter(r, STATE_SERVICES);
	services_restore(s->reload->services, s->reload->configuration, r);
	recorder_service_restore(s->reload->recorder,
		runner_service_queue(&s->reload->services->runner), r);
	resolver_restore(s->reload->resolver, r);
	state_leave(r);
	admin_restore(s->admin, r);
	return state_error(r);
}

void
succession_complete(struct succession *s)
{
	size_t sessions = sessions_clients(s->source->sessions);

	if (s->surroundings->state == NULL)
		return;
	log_info("restarted in place, version %s, sessions: %zu",
		PACKAGE_VERSION, sessions);
	struct message_admin_done done = orders_finished(ADMIN_UPGRADE, true,
		sessions);
	admin_answer(s->admin, &done);
	state_reader_free(s->surroundings->state);
	s->surroundings->state = NULL;
}
