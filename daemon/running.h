/*
 * running.h - the master's runner of event commands (daemon/runner/runner.h),
 * if any event or upload has one.
 *
 * The master keeps both ends of its service socket.  A runner that dies is
 * replaced on the same socket.  After a reload a new one goes on with it at
 * once, and the previous one ends when its commands have.
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
	int receive, send;	/* -1: there is none */
	struct metrics *metrics;
	struct log_source log;
};

void running_init(struct running *r, struct metrics *metrics);

/* Make its socket, and start it if these settings need one.  0 or -errno. */
int running_start(struct running *r, const struct configuration *configuration)
	MUST_CHECK;

/* The sending end, for the recorder. */
int running_queue(const struct running *r);

/* The same for monitors, -1 if the settings need no runner. */
int running_service(const struct running *r);

/* The settings have changed. */
void running_change(struct running *r,
	const struct configuration *configuration);

/* Start another one if it has died. */
void running_step(struct running *r, const struct configuration *configuration,
	int64_t now);

/* When running_step() is due; CLOCK_NEVER. */
int64_t running_due(const struct running *r, int64_t now);

/* There is a new recorder: attach the runner's log to it. */
void running_reattach(const struct running *r);

/* At the end: it runs what is in its queue, and ends. */
void running_close(struct running *r);

#endif
