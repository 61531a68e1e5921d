/*
 * radius.h - the process that communicates with RADIUS servers.
 *
 * It gets logins and accounting reports from monitors on a service socket
 * (common/process/radius_request.h), and sends them to the servers.  It is the
 * only process that parses packets of RADIUS servers; it has no privileges, and
 * sends structs of fixed size to monitors.
 */
#ifndef DAEMON_RADIUS_RADIUS_H
#define DAEMON_RADIUS_RADIUS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/metrics.h"

#include <signal.h>

/* Size of the queue of its service socket. */
#define RADIUS_QUEUE (1024 * 1024)

/* Signal that makes it finish what it has received, for a day at most, and
 * exit; its successor uses the same socket. */
#define RADIUS_FINISH SIGUSR1

/* When nobody can send any more, it tries once more to deliver reports, for so
 * long at most, and exits. */
#define RADIUS_STOP_MS 5000

struct radius_start {
	int service;		/* the receiving end */
	const struct settings *settings;
	struct metrics *metrics;
	uint32_t *waiting;	/* where to show how many reports no server has
				 * confirmed yet */
};

/* In a freshly forked child of the master, as root, after child_begin(), with
 * no other descriptors than that of *start and its log. */
void radius_main(const struct radius_start *start) NORETURN;

#endif
