/*
 * running.c - starts and replaces the runner.
 *
 * Runs in: master; be_runner() begins in the runner.
 */
#include "common/base.h"
#include "daemon/running.h"

#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/runner_request.h"
#include "daemon/runner/runner.h"

void
running_init(struct running *r, struct metrics *metrics)
{
	request_service_init(&r->service, "runner", LOG_SOURCE_RUNNER,
		RUNNER_FINISH);
	r->metrics = metrics;
}

int
running_start(struct running *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;
	int error = request_service_open(&r->service, RUNNER_QUEUE);

	if (error < 0)
		return error;
	r->service.wanted = runner_request_any(settings);
	if (!r->service.wanted)
		return 0;
	return role_prepare_runner(settings->server.runner_user);
}

int
running_queue(const struct running *r)
{
	return r->service.send;
}

void
running_change(struct running *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;

	request_service_change(&r->service, runner_request_any(settings) &&
		role_prepare_runner(settings->server.runner_user) == 0);
}

void
running_restore(struct running *r, const struct configuration *configuration,
	struct state_reader *state)
{
	if (request_service_restore(&r->service, state))
		running_change(r, configuration);
}

static void NORETURN
be_runner(const struct running *r, const struct configuration *configuration)
{
	const struct runner_start start = {
		.service = r->service.receive,
		.recorder = role_service_account(ROLE_RECORDER)->uid,
		.settings = configuration->settings,
		.metrics = r->metrics,
	};

	runner_main(&start);
}

void
running_step(struct running *r, const struct configuration *configuration,
	int64_t now)
{
	if (request_service_step(&r->service, -1, now))
		be_runner(r, configuration);
}
