/*
 * service_child.c - a child of the master that is replaced when it dies.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/services/service_child.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "daemon/state/state.h"

#include <sys/wait.h>

bool
service_child_missing(const struct service_child *c, int64_t now)
{
	return c->pid == 0 && !pause_holds(&c->pause, now);
}

int64_t
service_child_due(const struct service_child *c, int64_t now)
{
	return c->pid != 0 ? CLOCK_NEVER : pause_end(&c->pause, now);
}

pid_t
service_child_fork(struct service_child *c)
{
	pid_t pid = child_fork();

	if (pid > 0) {
		child_new_group(pid);
		c->pid = pid;
		c->asked = false;
	} else if (pid == 0) {
		child_new_group(0);
	} else {
		pause_begin(&c->pause, clock_ms());
	}
	return pid;
}

void
service_child_ask(struct service_child *c)
{
	c->asked = true;
}

static void
report_crash(const struct service_child *c, int number)
{
	struct event e = event_new(EVENT_crash);

	e.ok = false;
	e.code = number;
	e.text = c->name;
	event_send(&e);
}

bool
service_child_exited(struct service_child *c, pid_t pid, int status)
{
	if (pid != c->pid)
		return false;
	c->pid = 0;
	if (c->asked || (c->renews && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0)) {
		pause_clear(&c->pause);
		return true;
	}
	pause_begin(&c->pause, clock_ms());
	if (WIFSIGNALED(status))
		report_crash(c, WTERMSIG(status));
	else
		log_error("%s exited with status %d, restarting it",
			c->name, WEXITSTATUS(status));
	return true;
}

bool
service_child_reap(struct service_child *c)
{
	int status;

	return c->pid > 0 && waitpid(c->pid, &status, WNOHANG) == c->pid &&
	    service_child_exited(c, c->pid, status);
}

void
service_child_save(const struct service_child *c, struct state_writer *w)
{
	int64_t pid = c->pid;

	STATE_PUT(w, pid);
}

void
service_child_restore(struct service_child *c, struct state_reader *r)
{
	int64_t pid;

	STATE_GET(r, pid);
	if (child_exists(pid))
		c->pid = (pid_t)pid;
}
