/*
 * runner.h - the process that runs event commands (design section 2).
 *
 * Its queue is a service socket (common/process/service.h).  The recorder puts
 * events into it, a monitor an upload that is to be checked; both are known by
 * the uid that the kernel names.  So many commands run at a time as
 * events.max_commands says, and as many checks of uploads; the others wait in
 * memory, up to events.max_queued_events.
 */
#ifndef DAEMON_RUNNER_RUNNER_H
#define DAEMON_RUNNER_RUNNER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/metrics.h"

#include <signal.h>

/* The queue of its service socket, for bursts. */
#define RUNNER_QUEUE (4 * 1024 * 1024)

/* Makes it run what it has received, and exit; another one goes on with the
 * socket. */
#define RUNNER_FINISH SIGUSR1

struct runner_start {
	int service;		/* the receiving end */
	uid_t recorder;
	const struct settings *settings;
	struct metrics *metrics;
};

/* In a freshly forked child of the master, as root, with no other descriptors
 * than those of *start and its log. */
void runner_main(const struct runner_start *start) NORETURN;

#endif
