/*
 * trace.c - counts the system calls of a process's children.
 *
 * Runs in: a child of the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/trace.h"

static void
count(void *context, pid_t pid UNUSED)
{
	long *stops = context;

	++*stops;
}

/* There are two stops for each call, at its begin and at its end. */
static bool
write_count(void *context, int fd)
{
	const long *stops = context;
	long calls = *stops / 2;

	return write(fd, &calls, sizeof(calls)) == (ssize_t)sizeof(calls);
}

bool
trace_begin(struct tracer *t, pid_t parent)
{
	long stops = 0;
	const struct tracer_job job = { count, write_count, &stops };

	return tracer_begin(t, parent, &job);
}

long
trace_end(struct tracer *t)
{
	long calls = -1;

	tracer_end(t);
	if (read(t->result, &calls, sizeof(calls)) != (ssize_t)sizeof(calls))
		calls = -1;
	(void)tracer_close(t);
	return calls;
}
