/*
 * recording.h - starts and replaces the recorder; there is one at a time.
 *
 * The master keeps both ends of the recorder's service socket
 * (common/process/service.h).  A recorder that dies is replaced on the same
 * socket, and the monitors attach the logs of their children again, so that no
 * event that is queued in a socket is lost.  After a reload the recorder is
 * asked to finish, and replaced in the same way.
 */
#ifndef DAEMON_RECORDING_H
#define DAEMON_RECORDING_H

#include "common/base.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/services/service_child.h"

struct recording {
	struct service_child child;
	int receive;		/* the recorder's end; -1 before the start */
	int runner;		/* the runner's service socket (running.h) */
	struct metrics *metrics;
	int64_t finish_by;	/* when to kill it after it was asked to */
};

void recording_init(struct recording *r, struct metrics *metrics);

/* Start the first recorder; lines and events are sent to it from now on, and
 * events that have a command to `runner`.  0 or -errno. */
int recording_start(struct recording *r,
	const struct configuration *configuration, int runner) MUST_CHECK;

/* For the next program (state.h), which uses the same service socket, and asks
 * the recorder to finish. */
struct state_reader;
struct state_writer;
void recording_save(const struct recording *r, struct state_writer *w);
void recording_restore(struct recording *r, int runner,
	struct state_reader *state);

/* After a change of the settings: ask the recorder to finish; one with the new
 * settings replaces it. */
void recording_change(struct recording *r);

/* Start another one if there is none, and kill one that does not finish in
 * time.  True when there is a new one, and the monitors must attach to it. */
bool recording_step(struct recording *r,
	const struct configuration *configuration, int64_t now) MUST_CHECK;

/* When recording_step() is due; CLOCK_NEVER. */
int64_t recording_due(const struct recording *r, int64_t now);

/* At the end of the server: send lines to standard error again, and wait a
 * moment for the recorder to write what it has received. */
void recording_close(struct recording *r,
	const struct configuration *configuration);

#endif
