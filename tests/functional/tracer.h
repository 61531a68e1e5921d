/*
 * tracer.h - a process that traces the system calls of another process's
 * children, by ptrace(2).
 */
#ifndef TESTS_FUNCTIONAL_TRACER_H
#define TESTS_FUNCTIONAL_TRACER_H

#include "common/base.h"

/* What the tracer does; both functions run in its process. */
struct tracer_job {
	/* At the begin and at the end of each system call. */
	void (*at_call)(void *context, pid_t pid);
	/* When tracing ends: write the result.  False if it failed. */
	bool (*write_result)(void *context, int fd);
	void *context;
};

struct tracer {
	pid_t pid;
	int result;		/* read the result from here */
};

/* Trace all processes that `parent` forks from now on, and those that they
 * fork; not `parent` itself.  False if processes cannot be traced. */
bool tracer_begin(struct tracer *t, pid_t parent,
	const struct tracer_job *job);

/* End tracing; the processes continue.  Then the result can be read. */
void tracer_end(struct tracer *t);

/* After the result was read: wait for the tracer.  True if all succeeded. */
bool tracer_close(struct tracer *t);

#endif
