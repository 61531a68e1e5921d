/*
 * runner_service.c - starts and replaces the runner.
 *
 * Runs in: master; be_runner() begins in the runner.
 */
#include "common/base.h"
#include "daemon/services/runner_service.h"

#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/run_pass.h"
#include "common/process/runner_request.h"
#include "common/process/secret.h"
#include "daemon/runner/runner.h"
#include "daemon/state/state.h"

#include <sys/random.h>

void
runner_service_init(struct runner_service *r, struct metrics *metrics)
{
	request_service_init(&r->service, "runner", LOG_SOURCE_RUNNER,
		RUNNER_FINISH);
	r->metrics = r->service.metrics = metrics;
	r->key = NULL;
}

/* For every login, also while no command is set: a reload may set one. */
static int
make_key(struct runner_service *r)
{
	r->key = secret_new(RUN_PASS_KEY_SIZE);
	if (r->key == NULL)
		return -ENOMEM;
	return getrandom(r->key, RUN_PASS_KEY_SIZE, 0) == RUN_PASS_KEY_SIZE ?
	    0 : -EIO;
}

int
runner_service_start(
	struct runner_service *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;
	int error = request_service_open(&r->service, RUNNER_QUEUE);

	if (error == 0)
		error = make_key(r);
	if (error < 0)
		return error;
	r->service.wanted = runner_request_any(settings);
	if (!r->service.wanted)
		return 0;
	return role_prepare_runner(settings->server.runner_user);
}

int
runner_service_queue(const struct runner_service *r)
{
	return r->service.send;
}

void
runner_service_change(
	struct runner_service *r, const struct configuration *configuration)
{
	const struct settings *settings = configuration->settings;

	request_service_change(&r->service, runner_request_any(settings) &&
		role_prepare_runner(settings->server.runner_user) == 0);
}

void
runner_service_save(const struct runner_service *r, struct state_writer *w)
{
	request_service_save(&r->service, w);
	state_put(w, r->key, RUN_PASS_KEY_SIZE);
}

void
runner_service_restore(struct runner_service *r,
	const struct configuration *configuration, struct state_reader *state)
{
	bool stands = request_service_restore(&r->service, state);

	r->key = secret_new(RUN_PASS_KEY_SIZE);
	if (r->key == NULL)
		state_fail(state);
	else
		state_get(state, r->key, RUN_PASS_KEY_SIZE);
	if (stands)
		runner_service_change(r, configuration);
}

static void NORETURN
be_runner(const struct runner_service *r,
	const struct configuration *configuration, const uint8_t *key)
{
	const struct runner_start start = {
		.service = r->service.receive,
		.recorder = role_service_account(ROLE_RECORDER)->uid,
		.key = key,
		.settings = configuration->settings,
		.metrics = r->metrics,
	};

	runner_main(&start);
}

void
runner_service_step(struct runner_service *r,
	const struct configuration *configuration, int64_t now)
{
	uint8_t key[RUN_PASS_KEY_SIZE];

	/* The child finds r->key empty, but has a copy of this one. */
	memcpy(key, r->key, sizeof(key));
	if (request_service_step(&r->service, -1, now))
		be_runner(r, configuration, key);
	secret_wipe(key, sizeof(key));
}

void
runner_service_close(struct runner_service *r)
{
	request_service_close(&r->service, 0);
	secret_free(r->key, RUN_PASS_KEY_SIZE);
	r->key = NULL;
}
