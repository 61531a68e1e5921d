/*
 * radius_service.c - starts and replaces the process radius.
 *
 * Runs in: master; be_radius() begins in the process radius.
 */
#include "common/base.h"
#include "daemon/radius_service.h"

#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
#include "common/settings/settings_radius.h"
#include "daemon/radius/radius.h"

void
radius_service_init(struct radius_service *r, struct metrics *metrics)
{
	request_service_init(&r->service, "radius", LOG_SOURCE_RADIUS,
		RADIUS_FINISH);
	r->service.child.renews = true;
	r->metrics = metrics;
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
	request_service_change(&r->service, is_wanted(configuration));
}

void
radius_service_restore(struct radius_service *r,
	const struct configuration *configuration, struct state_reader *state)
{
	if (request_service_restore(&r->service, state))
		radius_service_change(r, configuration);
}

static void NORETURN
be_radius(const struct radius_service *r,
	const struct configuration *configuration)
{
	const struct radius_start start = {
		.service = r->service.receive,
		.settings = configuration->settings,
		.metrics = r->metrics,
	};

	radius_main(&start);
}

void
radius_service_step(struct radius_service *r,
	const struct configuration *configuration, int64_t now)
{
	if (request_service_step(&r->service, empty_root_fd(), now))
		be_radius(r, configuration);
}
