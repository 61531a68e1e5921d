/*
 * radius_service.h - starts and replaces the process radius
 * (daemon/radius/radius.h), if radius is one of the backends.
 */
#ifndef DAEMON_RADIUS_SERVICE_H
#define DAEMON_RADIUS_SERVICE_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/request_service.h"

struct radius_service {
	struct request_service service;
	struct metrics *metrics;
};

void radius_service_init(struct radius_service *r, struct metrics *metrics);

/* Create the socket.  0 or -errno. */
int radius_service_open(struct radius_service *r,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of radius_service_open(): the same
 * socket; the present process ends when it has finished. */
void radius_service_restore(struct radius_service *r,
	const struct configuration *configuration, struct state_reader *state);

/* After a reload: use these settings.  If radius is no backend any more, the
 * present process goes on for the sessions from before. */
void radius_service_change(struct radius_service *r,
	const struct configuration *configuration);

/* Start the process if it is missing. */
void radius_service_step(struct radius_service *r,
	const struct configuration *configuration, int64_t now);

#endif
