/*
 * running.h - starts and replaces the runner (daemon/runner/runner.h), if a
 * command is set for any event or for uploads.
 */
#ifndef DAEMON_RUNNING_H
#define DAEMON_RUNNING_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/request_service.h"

struct running {
	struct request_service service;
	struct metrics *metrics;
	uint8_t *key;		/* run_pass.h; wiped in every child */
};

void running_init(struct running *r, struct metrics *metrics);

/* Create the socket.  0 or -errno, also if the settings need a runner whose
 * account cannot be found. */
int running_start(struct running *r, const struct configuration *configuration)
	MUST_CHECK;

/* For the next program (state.h), in place of running_start(): the same socket
 * and key; the present runner ends when its commands have. */
void running_save(const struct running *r, struct state_writer *w);
void running_restore(struct running *r,
	const struct configuration *configuration, struct state_reader *state);

/* The sending end of the socket, for the recorder. */
int running_queue(const struct running *r);

/* After a reload: use these settings. */
void running_change(struct running *r,
	const struct configuration *configuration);

/* At the shutdown: the runner ends when its commands have. */
void running_close(struct running *r);

/* Start the runner if it is missing. */
void running_step(struct running *r, const struct configuration *configuration,
	int64_t now);

#endif
