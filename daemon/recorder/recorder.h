/*
 * recorder.h - the process that writes all logs.
 */
#ifndef DAEMON_RECORDER_RECORDER_H
#define DAEMON_RECORDER_RECORDER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/exporter.h"
#include "daemon/recorder/followers.h"
#include "daemon/recorder/hooks.h"
#include "daemon/recorder/intake.h"
#include "daemon/recorder/metrics.h"
#include "daemon/recorder/sinks.h"

#include <signal.h>

/* The queue of its service socket (common/process/service_socket.h), for
 * bursts. */
#define RECORDER_QUEUE (1024 * 1024)

/* Ask it to write what was sent so far and exit, to be replaced.  Signals that
 * a service manager sends are ignored. */
#define RECORDER_FINISH SIGUSR1

struct recorder_start {
	int service;		/* the receiving end of the service socket */
	int runner;		/* the sending end of the runner's queue
				 * (hooks.h); -1: no event has a command */
	struct metrics *metrics;
	const struct settings *settings;
};

/*
 * In a freshly forked child of the master, as root, after child_begin(), with
 * no other descriptors than those of *start: open the logs, enter the role, and
 * write events until RECORDER_FINISH or until every sender has exited; then
 * exit with status 0.
 */
void recorder_main(const struct recorder_start *start) NORETURN;

/* The parts of recorder_main(), for tests. */
struct recorder {
	struct sinks sinks;
	struct metrics *metrics;
	struct exporter exporter;
	struct followers followers;
	struct hooks hooks;
	struct watchers watchers;
	struct event_fields fields;	/* of the current event */
};

/* Create a recorder with the logs and outputs that are configured; log files
 * are owned by `owner` unless it is NULL.  From now on this process's own
 * messages are written directly to the text log.  NULL when out of memory. */
struct recorder *recorder_open(const struct recorder_start *start,
	const struct role_account *owner);
void recorder_loop(struct recorder *r, struct intake *in);
void recorder_close(struct recorder *r);

#endif
