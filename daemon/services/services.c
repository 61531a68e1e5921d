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
	running_init(&s->running, metrics);
	radius_service_init(&s->radius, metrics);
	bookkeeping_init(&s->bookkeeping);
}

static void
publish(const struct services *s, struct configuration *configuration)
{
	configuration->runner = request_service_fd(&s->running.service);
	configuration->run_key = s->running.key;
	configuration->radius = request_service_fd(&s->radius.service);
	configuration->bookkeeper = request_service_fd(&s->bookkeeping.service);
}

int
services_open(struct services *s, struct configuration *configuration)
{
	int error = running_start(&s->running, configuration);

	if (error == 0)
		error = radius_service_open(&s->radius, configuration);
	if (error == 0)
		error = bookkeeping_start(&s->bookkeeping, configuration);
	publish(s, configuration);
	return error;
}

void
services_save(const struct services *s, struct state_writer *w)
{
	running_save(&s->running, w);
	request_service_save(&s->radius.service, w);
	bookkeeping_save(&s->bookkeeping, w);
}

void
services_restore(struct services *s, struct configuration *configuration,
	struct state_reader *state)
{
	running_restore(&s->running, configuration, state);
	radius_service_restore(&s->radius, configuration, state);
	bookkeeping_restore(&s->bookkeeping, configuration, state);
	publish(s, configuration);
}

void
services_change(struct services *s, struct configuration *configuration)
{
	running_change(&s->running, configuration);
	radius_service_change(&s->radius, configuration);
	bookkeeping_change(&s->bookkeeping, configuration);
	publish(s, configuration);
}

bool
services_step(struct services *s, const struct configuration *configuration,
	int64_t now)
{
	running_step(&s->running, configuration, now);
	radius_service_step(&s->radius, configuration, now);
	return bookkeeping_step(&s->bookkeeping, now);
}

int64_t
services_due(const struct services *s, int64_t now)
{
	int64_t at = request_service_due(&s->running.service, now);

	at = clock_earlier(at, request_service_due(&s->radius.service, now));
	return clock_earlier(at, request_service_due(&s->bookkeeping.service,
		now));
}

void
services_reattach(const struct services *s)
{
	request_service_reattach(&s->running.service);
	request_service_reattach(&s->radius.service);
	bookkeeping_reattach(&s->bookkeeping);
}

bool
services_exited(struct services *s, pid_t pid, int status)
{
	return request_service_exited(&s->running.service, pid, status) ||
		request_service_exited(&s->radius.service, pid, status) ||
		bookkeeping_exited(&s->bookkeeping, pid, status);
}

void
services_reap(struct services *s)
{
	request_service_reap(&s->running.service);
	request_service_reap(&s->radius.service);
	bookkeeping_reap(&s->bookkeeping);
}

void
services_close(struct services *s)
{
	running_close(&s->running);
	/* It gives up before that, and says what was lost. */
	request_service_close(&s->radius.service, RADIUS_STOP_MS + 1000);
	bookkeeping_close(&s->bookkeeping);
}
