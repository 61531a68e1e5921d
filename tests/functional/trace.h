/*
 * trace.h - counts the system calls of a process's children, by ptrace(2).
 */
#ifndef TESTS_FUNCTIONAL_TRACE_H
#define TESTS_FUNCTIONAL_TRACE_H

#include "common/base.h"
#include "tests/functional/tracer.h"

/* Count the system calls of all processes that `parent` forks from now on, and
 * of their children, but not those of `parent`.  False if processes cannot be
 * traced. */
bool trace_begin(struct tracer *t, pid_t parent);

/* End tracing; the number of calls, or -1. */
long trace_end(struct tracer *t);

#endif
