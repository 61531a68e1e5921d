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
	pid_t pid;		/* 0: not running */
	bool asked;		/* to exit */
	bool renews;		/* exits with 0 to be replaced */
	struct pause pause;	/* before the next one */
};

/* Is it not running, with no pause in effect? */
bool service_child_missing(const struct service_child *c, int64_t now);

/* When to call service_child_missing() next; CLOCK_NEVER while it is
 * running. */
int64_t service_child_due(const struct service_child *c, int64_t now);

/* child_fork(), in a process group of its own.  A failure starts a pause.  The
 * child's pid, 0 in the child, or -errno. */
pid_t service_child_fork(struct service_child *c) MUST_CHECK;

/* Mark that it was asked to exit: no log line, and no pause. */
void service_child_ask(struct service_child *c);

/* Handle a result of waitpid(); true when it was this child.  An exit that was
 * not asked for is logged, unless it renews itself. */
bool service_child_exited(struct service_child *c, pid_t pid, int status);

/* For the next program (state.h): is it still our child? */
struct state_reader;
struct state_writer;
void service_child_save(const struct service_child *c, struct state_writer *w);
void service_child_restore(struct service_child *c, struct state_reader *r);

/* Reap it if it has exited; true if so. */
bool service_child_reap(struct service_child *c);

#endif
