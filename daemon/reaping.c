/*
 * reaping.c - the master's children that have ended.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reaping.h"

#include "common/clock.h"

#include <sys/wait.h>

#define SWEEP_MS 1000	/* from an ended child to a sweep */

static void
child_exited(const struct reaping *r, pid_t pid, int status)
{
	/* Otherwise an orphan, if the master is process 1. */
	if (!workers_exited(r->workers, pid, status) &&
	    !keeping_exited(r->configuration->keeping, pid, status))
		(void)service_child_exited(&r->recording->child, pid, status);
}

/* waitpid() for any child looks at all of them, which is slow with thousands:
 * it is done now and then, for what reaping_signal() does not find. */
void
reaping_step(struct reaping *r, int64_t now)
{
	int status;
	pid_t pid;

	if (now < r->sweep)
		return;
	r->sweep = CLOCK_NEVER;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		child_exited(r, pid, status);
}

/*
 * SIGCHLD names one of the processes that ended before it was read.  The
 * others are nearly always workers whose channel has closed; what is left,
 * such as orphans where the master is process 1, is found by a sweep.
 */
void
reaping_signal(struct reaping *r, pid_t pid)
{
	workers_reap(r->workers, pid);
	(void)service_child_reap(&r->recording->child);
	keeping_reap(r->configuration->keeping);
	workers_reap_ending(r->workers);
	r->sweep = clock_earlier(r->sweep, clock_ms() + SWEEP_MS);
}
