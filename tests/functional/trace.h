/*
 * trace.h - counts the system calls of a process's children, by ptrace(2).
 */
#ifndef TESTS_FUNCTIONAL_TRACE_H
#define TESTS_FUNCTIONAL_TRACE_H

#include "common/base.h"

struct trace {
	pid_t tracer;
	int result;		/* the count comes here */
};

/* From here on: the calls of everything that `parent` forks, and of what that
 * forks in turn, from the first one; not those of `parent`.  False where
 * processes cannot be traced. */
bool trace_begin(struct trace *t, pid_t parent);

/* Let all go on untraced; the number of calls, or -1. */
long trace_end(struct trace *t);

#endif
