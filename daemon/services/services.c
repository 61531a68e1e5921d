/*
 * services.c - the processes that run only if the settings need them.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/services/services.h"

#include "common/clock.h"
#include "daemon/radius/radius.h"

void
services_init(struct services *s, struct metrics *metrics)
{
	runner_service_init(&s->runner, metrics);
	radius_service_init(&s->radius, metrics);
	bookkeeper_service_init(&s->bookkeeper);
}

static void
publish(const struct services *s, struct configuration *configuration)
{
	configuration->runner = request_service_fd(&s->runner.service);
	configuration->run_key = s->runner.key;
	configuration->radius = request_service_fd(&s->radius.service);
	configuration->bookkeeper = request_service_fd(&s->bookkeeper.service);
}

int
services_open(struct services *s, struct configuration *configuration)
{
	int error = runner_service_start(&s->runner, configuration);

	if (error == 0)
		error = radius_service_open(&s->radius, configuration);
	if (error == 0)
		error = bookkeeper_service_start(&s->bookkeeper, configuration);
	publish(s, configuration);
	return error;
}

void
services_save(const struct services *s, struct state_writer *w)
{
	runner_service_save(&s->runner, w);
	request_service_save(&s->radius.service, w);
	bookkeeper_service_save(&s->bookkeeper, w);
}

void
services_restore(struct services *s, struct configuration *configuration,
	struct state_reader *state)
{
	runner_service_restore(&s->runner, configuration, state);
	radius_service_restore(&s->radius, configuration, state);
	bookkeeper_service_restore(&s->bookkeeper, configuration, state);
	publish(s, configuration);
}

void
services_change(struct services *s, struct configuration *configuration)
{
	runner_service_change(&s->runner, configuration);
	radius_service_change(&s->radius, configuration);
	bookkeeper_service_change(&s->bookkeeper, configuration);
	publish(s, configuration);
}

bool
services_step(struct services *s, const struct configuration *configuration,
	int64_t now)
{
	runner_service_step(&s->runner, configuration, now);
	radius_service_step(&s->radius, configuration, now);
	return bookkeeper_service_step(&s->bookkeeper, now);
}

int64_t
services_due(const struct services *s, int64_t now)
{
	int64_t at = request_service_due(&s->runner.service, now);

	at = clock_earlier(at, request_service_due(&s->radius.service, now));
	return clock_earlier(at, request_service_due(&s->bookkeeper.service,
		now));
}

void
services_reattach(const struct services *s)
{
	request_service_reattach(&s->runner.service);
	request_service_reattach(&s->radius.service);
	bookkeeper_service_reattach(&s->bookkeeper);
}

bool
services_exited(struct services *s, pid_t pid, int status)
{
	return request_service_exited(&s->runner.service, pid, status) ||
		request_service_exited(&s->radius.service, pid, status) ||
		bookkeeper_service_exited(&s->bookkeeper, pid, status);
}

void
services_reap(struct services *s)
{
	request_service_reap(&s->runner.service);
	request_service_reap(&s->radius.service);
	bookkeeper_service_reap(&s->bookkeeper);
}

void
services_close(struct services *s)
{
	runner_service_close(&s->runner);
	/* It gives up before that, and says what was lost. */
	request_service_close(&s->radius.service, RADIUS_STOP_MS + 1000);
	bookkeeper_service_close(&s->bookkeeper);
}
