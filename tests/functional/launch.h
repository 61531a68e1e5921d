/*
 * launch.h - starts the daemon as a service manager, a start script or a
 * container does.
 */
#ifndef TESTS_FUNCTIONAL_LAUNCH_H
#define TESTS_FUNCTIONAL_LAUNCH_H

#include "common/base.h"

/* How the server is started. */
struct launch {
	const char *options[8];	/* -o, or an option without a value */
	int passed[2];		/* descriptors, 0: none */
	const char *names;	/* of these */
	const char *watchdog;	/* WATCHDOG_USEC */
	bool first_process;	/* of a process namespace */
	const char *stderr_to;
	int missing;		/* a capability that is not granted, or 0 */
};

/* Start the server; the pid of the process started. */
pid_t launch(const struct launch *start);

/* The status of a server that ends, or of --background. */
int launch_status(const struct launch *start);

/* Create the notify socket of a manager, to which the server sends messages. */
int launch_manager(void);

/* Read messages until one contains this text; the descriptor attached to it is
 * stored in *passed (unless NULL), others are closed. */
bool launch_awaits(int manager, const char *wanted, int *passed);

/* Checks that a client of this port is greeted. */
void launch_check_greeted(uint16_t port);

/* SIGTERM; checks that it exits with 0, and all its processes with it. */
void launch_end(pid_t pid);

#endif
