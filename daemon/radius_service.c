/*
 * radius_service.c - starts and replaces the process radius.
 *
 * Runs in: master; radius_child() begins in the process radius.
 */
#include "common/base.h"
#include "daemon/radius_service.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
#include "common/process/service.h"
#include "common/settings/settings_radius.h"
#include "daemon/radius/radius.h"
#include "daemon/state.h"

static void NORETURN
radius_child(const struct radius_service *r,
	const struct configuration *configuration, int log)
{
	const struct radius_start start = {
		.service = r->receive,
		.settings = configuration->settings,
		.metrics = r->metrics,
	};
	const int keep[] = { r->receive, log_descriptor(), empty_root_fd() };

	log_source_use(log);
	child_begin(keep, ARRAY_SIZE(keep));
	radius_main(&start);
}

static int
start(struct radius_service *r, const struct configuration *configuration)
{
	int log;

	log_source_close(&r->log);
	int error = log_source_open(&r->log, LOG_SOURCE_RADIUS, &log);
	if (error < 0)
		return error;
	r->log.patience_ms = 0;
	log_source_attach(&r->log);
	pid_t pid = service_child_fork(&r->child);
	if (pid == 0)
		radius_child(r, configuration, log);
	io_close(&log);
	return pid < 0 ? (int)pid : 0;
}

void
radius_service_init(struct radius_service *r, struct metrics *metrics)
{
	*r = (struct radius_service){
		.child.name = "radius", .child.renews = true,
		.receive = -1, .send = -1,
		.metrics = metrics,
	};
	log_source_init(&r->log);
}

/* Without its account it is not started, and logins are refused. */
static bool
is_wanted(const struct configuration *configuration)
{
	const struct server_settings *s = &configuration->settings->server;

	return settings_radius_used(s) &&
		role_prepare_radius(s->radius_user) == 0;
}

int
radius_service_open(struct radius_service *r,
	const struct configuration *configuration)
{
	int fds[2];
	int error = service_pair(fds, RADIUS_QUEUE);

	if (error < 0)
		return error;
	r->receive = fds[0];
	r->send = fds[1];
	r->wanted = is_wanted(configuration);
	return 0;
}

int
radius_service_fd(const struct radius_service *r)
{
	return r->wanted ? r->send : -1;
}

void
radius_service_change(struct radius_service *r,
	const struct configuration *configuration)
{
	/* It finishes on its own; the reaper's sweep collects it. */
	if (r->child.pid != 0 && kill(r->child.pid, RADIUS_FINISH) < 0)
		log_error("cannot signal radius: %s", strerror(errno));
	r->child.pid = 0;
	r->wanted = is_wanted(configuration);
}

void
radius_service_step(struct radius_service *r,
	const struct configuration *configuration, int64_t now)
{
	if (r->wanted && r->receive >= 0 &&
	    service_child_missing(&r->child, now) &&
	    start(r, configuration) < 0)
		pause_begin(&r->child.pause, now);
}

int64_t
radius_service_due(const struct radius_service *r, int64_t now)
{
	return r->wanted ? service_child_due(&r->child, now) : CLOCK_NEVER;
}

void
radius_service_reattach(const struct radius_service *r)
{
	if (r->child.pid != 0)
		log_source_attach(&r->log);
}

void
radius_service_close(struct radius_service *r)
{
	io_close(&r->receive);
	io_close(&r->send);
	log_source_close(&r->log);
}

void
radius_service_save(const struct radius_service *r, struct state_writer *w)
{
	service_child_save(&r->child, w);
	state_put_fd(w, r->receive);
	state_put_fd(w, r->send);
}

void
radius_service_restore(struct radius_service *r,
	const struct configuration *configuration, struct state_reader *state)
{
	service_child_restore(&r->child, state);
	r->receive = state_get_fd(state);
	r->send = state_get_fd(state);
	if (r->receive < 0 || r->send < 0)
		state_fail(state);
	else
		radius_service_change(r, configuration);
}
