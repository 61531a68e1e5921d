/*
 * running.h - starts and replaces the runner (daemon/runner/runner.h), if a
 * command is set for any event or for uploads.
 *
 * The master keeps both ends of its service socket.  A runner that dies is
 * replaced by one on the same socket.  After a reload a new runner takes over
 * the socket immediately, and the previous one exits when its commands have
 * finished.
 */
#ifndef DAEMON_RUNNING_H
#define DAEMON_RUNNING_H

#include "common/base.h"
#include "common/process/log_source.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/service_child.h"

struct running {
	struct service_child child;
	bool wanted;
	int receive, send;	/* -1: not running */
	struct metrics *metrics;
	struct log_source log;
};

void running_init(struct running *r, struct metrics *metrics);

/* Create the socket, and start the runner if these settings need one.  0 or
 * -errno. */
int running_start(struct running *r, const struct configuration *configuration)
	MUST_CHECK;

/* The sending end of the socket, for the recorder. */
int running_queue(const struct running *r);

/* The same for monitors, -1 if the settings need no runner. */
int running_service(const struct running *r);

/* After a reload: use these settings. */
void running_change(struct running *r,
	const struct configuration *configuration);

/* Restart the runner if it has died. */
void running_step(struct running *r, const struct configuration *configuration,
	int64_t now);

/* When running_step() is due; CLOCK_NEVER. */
int64_t running_due(const struct running *r, int64_t now);

/* Attach the runner's log to a new recorder. */
void running_reattach(const struct running *r);

/* At the shutdown: the runner processes its queue, and exits. */
void running_close(struct running *r);

#endif
