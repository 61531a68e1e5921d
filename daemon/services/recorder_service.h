/*
 * recorder_service.h - starts and replaces the recorder; there is one at a
 * time.
 *
 * The master keeps both ends of the recorder's service socket
 * (common/process/service_socket.h).  A recorder that dies is replaced on the
 * same socket, and the monitors attach the logs of their children again, so
 * that no event that is queued in a socket is lost.  After a reload the
 * recorder is asked to finish, and replaced in the same way.
 */
#ifndef DAEMON_RECORDER_SERVICE_H
#define DAEMON_RECORDER_SERVICE_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/service_child.h"

struct recorder_service {
	struct service_child child;
	int receive;		/* the recorder's end; -1 before the start */
	int runner;		/* its service socket (runner_service.h) */
	struct metrics *metrics;
	int64_t finish_by;	/* when to kill it after it was asked to */
};

void recorder_service_init(struct recorder_service *r, struct metrics *metrics);

/* Start the first recorder; lines and events are sent to it from now on, and
 * events that have a command to `runner`.  0 or -errno. */
int recorder_service_start(struct recorder_service *r,
	const struct configuration *configuration, int runner) MUST_CHECK;

/* For the next program (state.h), which uses the same service socket, and asks
 * the recorder to finish. */
struct state_reader;
struct state_writer;
void recorder_service_save(
	const struct recorder_service *r, struct state_writer *w);
void recorder_service_restore(struct recorder_service *r, int runner,
	struct state_reader *state);

/* After a change of the settings: ask the recorder to finish; one with the new
 * settings replaces it. */
void recorder_service_change(struct recorder_service *r);

/* Start another one if there is none, and kill one that does not finish in
 * time.  True when there is a new one, and the monitors must attach to it. */
bool recorder_service_step(struct recorder_service *r,
	const struct configuration *configuration, int64_t now) MUST_CHECK;

/* When recorder_service_step() is due; CLOCK_NEVER. */
int64_t recorder_service_due(const struct recorder_service *r, int64_t now);

/* At the end of the server: send lines to standard error again, and wait a
 * moment for the recorder to write what it has received. */
void recorder_service_close(struct recorder_service *r,
	const struct configuration *configuration);

#endif
