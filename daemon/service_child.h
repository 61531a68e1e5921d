/*
 * service_child.h - a child of the master that other processes need, such as
 * the recorder: if it dies, it is replaced, after a pause that grows with
 * repeated failures.
 */
#ifndef DAEMON_SERVICE_CHILD_H
#define DAEMON_SERVICE_CHILD_H

#include "common/base.h"
#include "daemon/pause.h"

struct service_child {
	const char *name;	/* for the log */
	pid_t pid;		/* 0: there is none */
	bool asked;		/* to exit */
	struct pause pause;	/* before the next one */
};

/* Is there none, and the pause is over? */
bool service_child_missing(const struct service_child *c, int64_t now);

/* When to call service_child_missing() next; CLOCK_NEVER while there is
 * one. */
int64_t service_child_due(const struct service_child *c, int64_t now);

/* child_fork(), in a process group of its own.  A failure begins a pause.  The
 * child's pid, 0 in the child, or -errno. */
pid_t service_child_fork(struct service_child *c) MUST_CHECK;

/* It exits because it was asked to: nothing to log, and no pause. */
void service_child_ask(struct service_child *c);

/* waitpid() returned this: true when it was this child.  Unless it was asked,
 * the log says so. */
bool service_child_exited(struct service_child *c, pid_t pid, int status);

/* Reap it if it has exited; then true. */
bool service_child_reap(struct service_child *c);

#endif
