/*
 * runner_service.h - starts and replaces the runner (daemon/runner/runner.h),
 * if a command is set for any event or for uploads.
 */
#ifndef DAEMON_RUNNER_SERVICE_H
#define DAEMON_RUNNER_SERVICE_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/request_service.h"

struct runner_service {
	struct request_service service;
	struct metrics *metrics;
	uint8_t *key;		/* run_pass.h; wiped in every child */
};

void runner_service_init(struct runner_service *r, struct metrics *metrics);

/* Create the socket.  0 or -errno, also if the settings need a runner whose
 * account cannot be found. */
int runner_service_start(struct runner_service *r,
	const struct configuration *configuration) MUST_CHECK;

/* For the next program (state.h), in place of runner_service_start(): the same
 * socket and key; the present runner ends when its commands have. */
void runner_service_save(
	const struct runner_service *r, struct state_writer *w);
void runner_service_restore(struct runner_service *r,
	const struct configuration *configuration, struct state_reader *state);

/* The sending end of the socket, for the recorder. */
int runner_service_queue(const struct runner_service *r);

/* After a reload: use these settings. */
void runner_service_change(struct runner_service *r,
	const struct configuration *configuration);

/* At the shutdown: the runner ends when its commands have. */
void runner_service_close(struct runner_service *r);

/* Start the runner if it is missing. */
void runner_service_step(struct runner_service *r,
	const struct configuration *configuration, int64_t now);

#endif
