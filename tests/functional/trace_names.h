/*
 * trace_names.h - which files a process opens by name, by ptrace(2).
 */
#ifndef TESTS_FUNCTIONAL_TRACE_NAMES_H
#define TESTS_FUNCTIONAL_TRACE_NAMES_H

#include "common/base.h"
#include "tests/functional/tracer.h"

struct trace_names {
	struct tracer tracer;
	char text[65536];
};

/* Record the names that session processes forked from now on by `parent` open
 * or execute after they have changed their root directory.  False if processes
 * cannot be traced. */
bool trace_names_begin(struct trace_names *t, pid_t parent);

/* End tracing; the names, each with a line feed, or NULL. */
const char *trace_names_end(struct trace_names *t);

#endif
