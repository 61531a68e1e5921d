/*
 * master.c - sets up the server, and runs the event loop until it ends.
 *
 * Runs in: master.  Never: waits for anything but its loop.
 */
#include "common/base.h"
#include "daemon/master.h"

#include "common/accounts/guess.h"
#include "common/clock.h"
#include "common/heap.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/stack.h"
#include "daemon/bans/bans_file.h"
#include "daemon/bans/charges.h"
#include "daemon/clients/clients.h"
#include "daemon/control/admin.h"
#include "daemon/control/orders.h"
#include "daemon/control/scoreboard.h"
#include "daemon/loop.h"
#include "daemon/metering.h"
#include "daemon/rates/rates.h"
#include "daemon/reaper.h"
#include "daemon/reload.h"
#include "daemon/services/certificates.h"
#include "daemon/services/recorder_service.h"
#include "daemon/services/resolver.h"
#include "daemon/services/services.h"
#include "daemon/shutdown.h"
#include "daemon/signals.h"
#include "daemon/succession.h"
#include "daemon/workers/broadcast.h"
#include "daemon/workers/overdue.h"
#include "daemon/workers/workers.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sysexits.h>

struct master {
	struct configuration configuration;
	struct loop *loop;
	struct workers *workers;
	struct clients *clients;
	struct metrics *metrics;
	struct recorder_service recorder;
	struct resolver resolver;
	struct services services;
	struct bans_file bans_file;
	struct certificates certificates;
	struct admin admin;
	struct scoreboard_source source;
	struct orders orders;
	struct surroundings *surroundings;
	const struct notify *notify;	/* of these */
	struct reload reload;
	struct shutdown shutdown;
	struct succession succession;
	struct watch signals;
	struct reaper reaper;
};

static void
report_status(const struct master *m)
{
	size_t n = clients_listeners(m->clients)->count;

	notify_ready(m->notify);
	notify_status(m->notify, "Serving FTP on %zu address%s", n,
		n == 1 ? "" : "es");
}

static void
reload(struct master *m)
{
	if (shutdown_begun(&m->shutdown))
		return;
	succession_cancel(&m->succession);
	notify_reloading(m->notify);
	reload_begin(&m->reload);
}

static void
step_reload(struct master *m, int64_t now)
{
	enum reload_result result = reload_step(&m->reload, now);
	bool all = m->reload.all;
	const char *what = all ? "configuration" : "certificates";

	if (result == RELOAD_NONE)
		return;
	if (result == RELOAD_DONE)
		log_event(EVENT_reload, LOG_LEVEL_INFO, "%s reloaded", what);
	else
		log_event(EVENT_reload, LOG_LEVEL_ERROR, "reload failed, "
			"keeping the current %s", what);
	if (!all)
		return;
	report_status(m);
	struct message_admin_done done = orders_finished(ADMIN_RELOAD,
		result == RELOAD_DONE, 0);
	admin_answer(&m->admin, &done);
}

/* Check the recorder and the keeper, which other processes need. */
static void
step_services(struct master *m, int64_t now)
{
	const struct sessions *sessions = workers_sessions(m->workers);

	if (recorder_service_step(&m->recorder, &m->configuration, now)) {
		broadcast_reattach(sessions, SERVICE_RECORDER, 0);
		keeper_service_reattach(m->configuration.keeper);
		services_reattach(&m->services);
	}
	if (services_step(&m->services, &m->configuration, now))
		broadcast_reattach(sessions, SERVICE_BOOKKEEPER, 0);
	if (keeper_service_step(m->configuration.keeper, now))
		broadcast_reattach(sessions, SERVICE_KEEPER,
			keeper_service_number(m->configuration.keeper));
}

/* Changes of the configuration or the program: none during a shutdown. */
static void
step_changes(struct master *m, int64_t now)
{
	if (shutdown_begun(&m->shutdown)) {
		succession_cancel(&m->succession);
		reload_cancel(&m->reload);
		return;
	}
	if (!m->reload.under_way &&
	    certificates_changed(&m->certificates, &m->configuration))
		reload_begin_certificates(&m->reload);
	step_reload(m, now);
	succession_step(&m->succession, now);
}

static int64_t
changes_due(const struct master *m, int64_t now)
{
	if (shutdown_begun(&m->shutdown))
		return CLOCK_NEVER;
	return clock_earlier(succession_due(&m->succession),
	    m->reload.under_way ? reload_due(&m->reload, now) :
	    certificates_due(&m->certificates));
}

/* admin.h */
static bool
carry_out(void *context, uid_t uid, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	struct master *m = context;

	if (order->order == ADMIN_RELOAD && !m->succession.upgrade.under_way)
		notify_reloading(m->notify);
	return orders_run(&m->orders, uid, order, done);
}

/* loop.h */
static void
receive_signal(void *context)
{
	struct master *m = context;
	struct signalfd_siginfo info;

	while (read(m->signals.fd, &info, sizeof(info)) > 0) {
		if (info.ssi_signo == SIGCHLD)
			reaper_signal(&m->reaper, (pid_t)info.ssi_pid);
		else if (info.ssi_signo == SIGHUP)
			reload(m);
		else if (info.ssi_signo == SIGUSR1)
			orders_drain(&m->orders);
		else if (info.ssi_signo == SIGUSR2)
			succession_begin(&m->succession);
		else
			shutdown_request(&m->shutdown);
	}
}

/* Do the work that is due.  True if there is more to do, after new clients were
 * accepted. */
static bool
do_due(struct master *m, int64_t now)
{
	step_services(m, now);
	step_changes(m, now);
	watchdog_step(&m->surroundings->watchdog, m->notify, now);
	clients_step(m->clients, now);
	admin_step(&m->admin, now);
	overdue_kill(m->workers, now);
	rates_step(workers_rates(m->workers), now);
	charges_step(workers_charges(m->workers), now);
	bans_file_step(&m->bans_file, now);
	resolver_step(&m->resolver, now);
	reaper_step(&m->reaper, now);
	shutdown_step(&m->shutdown);
	metering_update(m->metrics, &m->source);
	return workers_fill_pool(m->workers);
}

/* When do_due() must be called next, without an event.  `now` must be the one
 * that do_due() used, so that no pause ends unnoticed between the two. */
static int64_t
next_due(const struct master *m, int64_t now)
{
	int64_t at = clock_earlier(workers_due(m->workers, now),
		keeper_service_due(m->configuration.keeper, now));

	at = clock_earlier(at, rates_due(workers_rates(m->workers)));
	at = clock_earlier(at, charges_due(workers_charges(m->workers)));
	at = clock_earlier(at, bans_file_due(&m->bans_file));
	at = clock_earlier(at, clients_due(m->clients, now));
	at = clock_earlier(at, recorder_service_due(&m->recorder, now));
	at = clock_earlier(at, resolver_due(&m->resolver, now));
	at = clock_earlier(at, services_due(&m->services, now));
	at = clock_earlier(at, admin_due(&m->admin, now));
	at = clock_earlier(at, changes_due(m, now));
	at = clock_earlier(at, watchdog_due(&m->surroundings->watchdog));
	at = clock_earlier(at, reaper_due(&m->reaper));
	return clock_earlier(at, shutdown_due(&m->shutdown));
}

static void
run(struct master *m)
{
	int64_t now = clock_ms();
	bool more = true;

	while (!shutdown_done(&m->shutdown)) {
		loop_wait(m->loop, more ? now : next_due(m, now));
		now = clock_ms();
		more = do_due(m, now);
	}
}

static int
make_modules(struct master *m, const struct options *options)
{
	struct configuration *configuration = &m->configuration;

	m->loop = loop_new();
	m->services.bookkeeper.loop = m->loop;
	m->workers = m->loop == NULL ? NULL :
	    workers_new(m->loop, configuration);
	m->clients = m->workers == NULL ? NULL :
	    clients_new(m->loop, m->workers, configuration);
	if (m->clients == NULL)
		return -ENOMEM;
	clients_inherit(m->clients, &m->surroundings->passed, m->notify);
	m->source.configuration = configuration;
	m->source.listeners = clients_listeners(m->clients);
	m->source.sessions = workers_sessions(m->workers);
	m->source.board = workers_board(m->workers);
	m->source.clients = m->clients;
	m->source.charges = workers_charges(m->workers);
	m->source.file = options->path;
	admin_init(&m->admin, m->loop, &m->source, carry_out, m);
	m->orders = (struct orders){ .reload = &m->reload,
		.configuration = configuration, .workers = m->workers,
		.clients = m->clients, .recorder = &m->recorder,
		.upgrade = &m->succession.upgrade,
	};
	m->reload = (struct reload){
		.options = options, .loop = m->loop,
		.configuration = configuration,
		.workers = m->workers, .clients = m->clients,
		.recorder = &m->recorder, .certificates = &m->certificates,
		.admin = &m->admin, .resolver = &m->resolver,
		.services = &m->services,
	};
	m->reaper = (struct reaper){
		.workers = m->workers, .configuration = configuration,
		.recorder = &m->recorder, .resolver = &m->resolver,
		.services = &m->services, .bans_file = &m->bans_file,
		.upgrade = &m->succession.upgrade, .sweep = clock_ms(),
	};
	m->shutdown = (struct shutdown){
		.workers = m->workers, .clients = m->clients,
		.admin = &m->admin, .notify = m->notify,
		.configuration = configuration,
	};
	int fd = signals_open();
	return fd < 0 ? fd :
	    loop_watch(m->loop, &m->signals, fd, receive_signal, m);
}

/* In this order, so that processes do not inherit what they do not need:
 * recorder and keeper are forked before PAM's modules are mapped. */
static int
start(struct master *m, const struct options *options)
{
	const struct server_settings *s = &m->configuration.settings->server;

	if (role_prepare(s->greeter_user, s->recorder_user,
	    s->keeper_user) < 0)
		return EX_OSERR;	/* it has logged why */
	int error = m->metrics == NULL ? -ENOMEM : make_modules(m, options);
	if (error == 0)
		error = guess_init();
	m->configuration.ports = passive_ports_new(&m->succession.ports);
	if (m->configuration.ports == NULL)
		error = -ENOMEM;
	if (error == 0)
		succession_restore_workers(&m->succession);
	if (error == 0 &&
	    clients_listen(m->clients, m->configuration.settings) < 0)
		return EX_OSERR;	/* likewise */
	background_close_stderr(&m->surroundings->background);
	if (error == 0)
		error = succession_start_services(&m->succession);
	if (error < 0) {
		log_error("cannot start: %s", log_errno(error));
		return EX_OSERR;
	}
	if (configuration_await_keeper(&m->configuration, m->loop) < 0)
		return EX_CONFIG;	/* likewise */
	if (m->surroundings->state == NULL &&
	    background_write_pid(&m->surroundings->background) < 0)
		return EX_OSERR;	/* likewise */
	bans_file_open(&m->bans_file, workers_charges(m->workers),
		&m->configuration);
	reload_apply(&m->reload);
	if (m->surroundings->control >= 0)
		admin_adopt(&m->admin, m->surroundings->control);
	role_enter(ROLE_MASTER, NULL);
	heap_fill_holes();
	stack_release();
	return 0;
}

static void
announce(struct master *m)
{
	clients_announce(m->clients);
	report_status(m);
	background_ready(&m->surroundings->background);
	succession_complete(&m->succession);
}

static void
release(struct master *m)
{
	reload_cancel(&m->reload);
	bans_file_close(&m->bans_file);
	keeper_service_free(m->configuration.keeper);
	m->configuration.keeper = NULL;
	resolver_close(&m->resolver);
	services_close(&m->services);
	recorder_service_close(&m->recorder, &m->configuration);
	if (m->clients != NULL)
		admin_close(&m->admin);
	clients_free(m->clients);
	workers_free(m->workers);
	io_close(&m->signals.fd);
	loop_free(m->loop);
	configuration_clear(&m->configuration);
	metrics_free(m->metrics);
	io_close(&m->succession.metrics);
	io_close(&m->succession.ports);
}

int
master_main(const struct options *options,
	struct configuration *configuration, struct surroundings *surroundings)
{
	struct master m = {
		.configuration = *configuration,
		.surroundings = surroundings,
		.notify = &surroundings->notify,
		.signals = { .fd = -1 },
		.resolver = { .page = -1 },
		.source = { .started = clock_ms(),
			.started_wall_ns = clock_wall_ns() },
	};

	*configuration = (struct configuration){ 0 };
	m.succession = (struct succession){
		.surroundings = surroundings, .source = &m.source,
		.admin = &m.admin, .reload = &m.reload,
		.bans_file = &m.bans_file, .metrics = -1, .ports = -1,
	};
	succession_restore_master(&m.succession, options);
	m.metrics = m.source.metrics = metrics_new(&m.succession.metrics);
	recorder_service_init(&m.recorder, m.metrics);
	services_init(&m.services, m.metrics);
	int status = start(&m, options);
	if (status == 0) {
		announce(&m);
		run(&m);
		log_info("shut down");
		background_end(&surroundings->background);
	}
	release(&m);
	return status;
}
