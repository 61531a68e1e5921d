/*
 * runner.h - the process that runs event commands.
 *
 * Its queue is a service socket (common/process/service_socket.h).  The
 * recorder sends events, monitors send uploads to be checked; both are
 * authenticated by their uid, as reported by the kernel.  At most
 * events.max_commands commands and as many checks of uploads run at a time;
 * further requests wait in memory, up to events.max_queued_events.
 */
#ifndef DAEMON_RUNNER_RUNNER_H
#define DAEMON_RUNNER_RUNNER_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/metrics.h"

#include <signal.h>

/* Size of the queue of its service socket, for bursts. */
#define RUNNER_QUEUE (4 * 1024 * 1024)

/* Signal that makes it process the requests it has received, and exit; its
 * successor uses the same socket. */
#define RUNNER_FINISH SIGUSR1

struct runner_start {
	int service;		/* the receiving end */
	uid_t recorder;
	const uint8_t *key;	/* run_pass.h */
	const struct settings *settings;
	struct metrics *metrics;
};

/* In a freshly forked child of the master, as root, after child_begin(), with
 * no other descriptors than those of *start and its log. */
void runner_main(const struct runner_start *start) NORETURN;

#endif
