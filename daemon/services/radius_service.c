/*
 * radius_service.c - starts and replaces the process radius.
 *
 * Runs in: master; be_radius() begins in the process radius.
 */
#include "common/base.h"
#include "daemon/services/radius_service.h"

#include "common/log/log.h"
#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
#include "common/settings/settings_radius.h"
#include "daemon/radius/radius.h"

#include <signal.h>

/* Its place in the metrics says how many reports are lost with it; it is 0 if
 * the process has ended by itself. */
static void
ended(void *context, pid_t pid)
{
	struct radius_service *r = context;

	for (size_t i = 0; i < METRICS_RADIUS - 1; i++) {
		if (r->metrics->radius[i].pid != pid)
			continue;
		if (r->metrics->radius[i].reports > 0)
			log_error("accounting reports were lost with the "
				"process radius: %" PRIu32,
				r->metrics->radius[i].reports);
		r->metrics->radius[i].pid = 0;
		r->metrics->radius[i].reports = 0;
	}
}

/* Former ones of long ago are not reported as ended. */
static bool
is_free(int32_t pid)
{
	return pid <= 0 || (kill(pid, 0) < 0 && errno == ESRCH);
}

static size_t
free_place(const struct radius_service *r)
{
	size_t i = 0;

	while (i < METRICS_RADIUS - 1 && !is_free(r->metrics->radius[i].pid))
		i++;
	return i;
}

void
radius_service_init(struct radius_service *r, struct metrics *metrics)
{
	request_service_init(&r->service, "radius", LOG_SOURCE_RADIUS,
		RADIUS_FINISH);
	r->service.ended = ended;
	r->service.context = r;
	r->metrics = r->service.metrics = metrics;
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
	int error = request_service_open(&r->service, RADIUS_QUEUE);

	if (error == 0)
		r->service.wanted = is_wanted(configuration);
	return error;
}

void
radius_service_change(struct radius_service *r,
	const struct configuration *configuration)
{
	bool wanted = is_wanted(configuration);

	/* Otherwise the present one stays for reports on the sessions from
	 * before. */
	if (wanted)
		request_service_change(&r->service, true);
	else
		r->service.wanted = false;
}

void
radius_service_restore(struct radius_service *r,
	const struct configuration *configuration, struct state_reader *state)
{
	if (request_service_restore(&r->service, state))
		radius_service_change(r, configuration);
}

static void NORETURN
be_radius(const struct radius_service *r, size_t place,
	const struct configuration *configuration)
{
	const struct radius_start start = {
		.service = r->service.receive,
		.settings = configuration->settings,
		.metrics = r->metrics,
		.waiting = &r->metrics->radius[place].reports,
	};

	radius_main(&start);
}

void
radius_service_step(struct radius_service *r,
	const struct configuration *configuration, int64_t now)
{
	if (r->service.child.pid != 0)
		return;
	const size_t place = free_place(r);
	r->metrics->radius[place].reports = 0;
	if (request_service_step(&r->service, empty_root_fd(), now))
		be_radius(r, place, configuration);
	r->metrics->radius[place].pid = r->service.child.pid;
}
