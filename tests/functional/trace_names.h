/*
 * trace_names.h - which files a process opens by name, by ptrace(2).
 */
#ifndef TESTS_FUNCTIONAL_TRACE_NAMES_H
#define TESTS_FUNCTIONAL_TRACE_NAMES_H

#include "common/base.h"

struct trace_names {
	pid_t tracer;
	int result;		/* the names come here */
	char text[65536];
};

/* From here on: the names that session processes open or execute once they
 * have changed their root directory, of all that `parent` forks.  False where
 * processes cannot be traced. */
bool trace_names_begin(struct trace_names *t, pid_t parent);

/* Let all go on untraced; the names, each with a line feed, or NULL. */
const char *trace_names_end(struct trace_names *t);

#endif
