/*
 * partner.c - starting, asking away and burying the greeter and the session.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/partner.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "worker/start.h"

#include <signal.h>
#include <sys/wait.h>

#define LEAVE_MS 1000	/* for a partner that was told to go at once */
#define LOOK_MS  2	/* between two looks at whether it has gone */

int
partner_fork_greeter(struct monitor *m)
{
	int fds[2];
	int error = channel_pair(fds);

	if (error < 0)
		return error;
	m->partner_pid = fork();
	if (m->partner_pid == 0) {
		const struct greeter_start start = {
			.monitor_fd = fds[1],
			.settings = m->settings,
			.tls = m->tls,
			.binding = &m->binding,
		};
		greeter_main(&start);
	}
	error = m->partner_pid < 0 ? -errno : 0;
	io_close(&fds[1]);
	if (error < 0) {
		io_close(&fds[0]);
		return error;
	}
	channel_open(&m->partner, fds[0], PARTY_MONITOR, PARTY_GREETER,
		PHASE_SPARE);
	return 0;
}

void
partner_leave(struct monitor *m, bool now)
{
	struct message leave;

	message_clear(&leave);
	leave.type = MESSAGE_leave;
	leave.leave.now = now;
	m->told_to_leave = true;
	if (now)
		m->kill_at = clock_ms() + LEAVE_MS;
	/* One that has gone shows at the next poll. */
	(void)!channel_send(&m->partner, &leave);
}

void
partner_kill_due(struct monitor *m)
{
	if (!clock_passed(m->kill_at))
		return;
	m->kill_at = CLOCK_NEVER;
	log_warning("the session did not end in time: killed");
	(void)partner_bury(m, 0);
	monitor_end(m, OUTCOME_STOPPED);
}

enum outcome
partner_outcome(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) < OUTCOMES)
		return (enum outcome)WEXITSTATUS(status);
	if (WIFEXITED(status))
		return OUTCOME_ERROR;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ?
		OUTCOME_STOPPED : OUTCOME_CRASH;
}

/* Waiting by pid, so that a child of a PAM module is never taken. */
static pid_t
wait_for(pid_t pid, int *status, int flags)
{
	pid_t r;

	do {
		r = waitpid(pid, status, flags);
	} while (r < 0 && errno == EINTR);
	return r;
}

enum outcome
partner_bury_pid(pid_t pid, int64_t patience_ms)
{
	int64_t deadline = clock_ms() + patience_ms;
	int status = 0;
	pid_t r;

	while ((r = wait_for(pid, &status, WNOHANG)) == 0 &&
	    !clock_passed(deadline))
		clock_sleep_until(clock_ms() + LOOK_MS);
	if (r == 0) {
		kill(pid, SIGKILL);
		r = wait_for(pid, &status, 0);
	}
	return r == pid ? partner_outcome(status) : OUTCOME_ERROR;
}

enum outcome
partner_bury(struct monitor *m, int64_t patience_ms)
{
	pid_t pid = m->partner_pid;

	channel_close(&m->partner);
	if (pid <= 0)
		return OUTCOME_ERROR;
	m->partner_pid = 0;
	return partner_bury_pid(pid, patience_ms);
}
