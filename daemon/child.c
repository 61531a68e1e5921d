/*
 * child.c - the first steps of the processes that the master forks.
 *
 * Runs in: master, and its children before their main function.
 */
#include "common/base.h"
#include "daemon/child.h"

#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"

#include <signal.h>

void
child_group(pid_t pid)
{
	/* Fails only when the child was first, or has exited already. */
	(void)setpgid(pid, pid);
}

/* The group keeps a terminal's interrupt from the children: the master gets
 * it, and ends them in order.  It also makes a whole worker one target. */
void
child_begin(const int *keep, size_t n)
{
	sigset_t none;

	child_group(0);
	io_close_all_except(keep, n);
	event_never_wait(false);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
child_kill(pid_t pid)
{
	if (kill(pid, SIGKILL) < 0 && errno != ESRCH)
		log_error("cannot kill process %d: %s", (int)pid,
			strerror(errno));
	(void)kill(-pid, SIGKILL);
}
