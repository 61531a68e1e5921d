/*
 * reaper.c - collects ended child processes.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/reaper.h"

#include "common/clock.h"

#include <sys/wait.h>

#define SWEEP_MS 1000	/* from the exit of a child to the next sweep */

static void
child_exited(struct reaper *r, pid_t pid, int status)
{
	/* Otherwise an orphan, if the master has pid 1. */
	if (!workers_exited(r->workers, pid, status) &&
	    !keeper_service_exited(r->configuration->keeper, pid, status) &&
	    !service_child_exited(&r->resolver->child, pid, status) &&
	    !services_exited(r->services, pid, status) &&
	    !bans_file_exited(r->bans_file, pid, status) &&
	    !upgrade_exited(r->upgrade, pid, status))
		(void)service_child_exited(&r->recorder->child, pid, status);
}

/* waitpid() for any child is slow with thousands of them, so it is used only
 * now and then, for children that reaper_signal() does not find. */
void
reaper_step(struct reaper *r, int64_t now)
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
 * SIGCHLD names only one of the processes that ended before it was read.  The
 * others are nearly always workers whose channel has closed; a sweep finds the
 * rest, such as orphans if the master has pid 1.
 */
void
reaper_signal(struct reaper *r, pid_t pid)
{
	workers_reap(r->workers, pid);
	(void)service_child_reap(&r->recorder->child);
	(void)service_child_reap(&r->resolver->child);
	services_reap(r->services);
	bans_file_reap(r->bans_file);
	keeper_service_reap(r->configuration->keeper);
	upgrade_reap(r->upgrade);
	workers_reap_ending(r->workers);
	r->sweep = clock_earlier(r->sweep, clock_ms() + SWEEP_MS);
}

int64_t
reaper_due(const struct reaper *r)
{
	return r->sweep;
}
