/*
 * running.c - starts and replaces the runner.
 *
 * Runs in: master; runner_child() begins in the runner.
 */
#include "common/base.h"
#include "daemon/running.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/service.h"
#include "common/process/runner_request.h"
#include "daemon/runner/runner.h"
#include "daemon/state.h"

#include <signal.h>

static void NORETURN
runner_child(const struct running *r,
	const struct configuration *configuration, int log)
{
	const struct runner_start start = {
		.service = r->receive,
		.recorder = role_service_account(ROLE_RECORDER)->uid,
		.settings = configuration->settings,
		.metrics = r->metrics,
	};
	const int keep[] = { r->receive, log_descriptor() };

	log_source_use(log);
	child_begin(keep, ARRAY_SIZE(keep));
	runner_main(&start);
}

static int
start(struct running *r, const struct configuration *configuration)
{
	int log;

	log_source_close(&r->log);
	int error = log_source_open(&r->log, LOG_SOURCE_RUNNER, &log);
	if (error < 0)
		return error;
	r->log.patience_ms = 0;
	log_source_attach(&r->log);
	pid_t pid = service_child_fork(&r->child);
	if (pid == 0)
		runner_child(r, configuration, log);
	io_close(&log);
	return pid < 0 ? (int)pid : 0;
}

void
running_init(struct running *r, struct metrics *metrics)
{
	*r = (struct running){
		.child.name = "runner",
		.receive = -1, .send = -1, .metrics = metrics,
	};
	log_source_init(&r->log);
}

int
running_start(struct running *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;
	int fds[2];
	int error = service_pair(fds, RUNNER_QUEUE);

	if (error < 0)
		return error;
	r->receive = fds[0];
	r->send = fds[1];
	r->wanted = runner_request_any(settings);
	if (!r->wanted)
		return 0;
	return role_prepare_runner(settings->server.runner_user);
}

int
running_queue(const struct running *r)
{
	return r->send;
}

int
running_service(const struct running *r)
{
	return r->wanted ? r->send : -1;
}

void
running_change(struct running *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;

	/* It finishes on its own; the reaper's sweep collects it. */
	if (r->child.pid != 0 && kill(r->child.pid, RUNNER_FINISH) < 0)
		log_error("cannot signal the runner: %s", strerror(errno));
	r->child.pid = 0;
	r->wanted = runner_request_any(settings) &&
		role_prepare_runner(settings->server.runner_user) == 0;
}

void
running_step(struct running *r, const struct configuration *configuration,
	int64_t now)
{
	if (r->wanted && r->receive >= 0 &&
	    service_child_missing(&r->child, now) &&
	    start(r, configuration) < 0)
		pause_begin(&r->child.pause, now);
}

int64_t
running_due(const struct running *r, int64_t now)
{
	return r->wanted ? service_child_due(&r->child, now) : CLOCK_NEVER;
}

void
running_reattach(const struct running *r)
{
	if (r->child.pid != 0)
		log_source_attach(&r->log);
}

void
running_close(struct running *r)
{
	io_close(&r->receive);
	io_close(&r->send);
	log_source_close(&r->log);
}

void
running_save(const struct running *r, struct state_writer *w)
{
	service_child_save(&r->child, w);
	state_put_fd(w, r->receive);
	state_put_fd(w, r->send);
}

void
running_restore(struct running *r, const struct configuration *configuration,
	struct state_reader *state)
{
	service_child_restore(&r->child, state);
	r->receive = state_get_fd(state);
	r->send = state_get_fd(state);
	if (r->receive < 0 || r->send < 0)
		state_fail(state);
	else
		running_change(r, configuration);
}
