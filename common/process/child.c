/*
 * child.c - forking, the first steps of a child, and its end.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/process/child.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/channel.h"

#include <sched.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/close_range.h>

#define POLL_MS 2	/* between two calls of waitpid() */
#define DIE_MS	2000	/* how long a child that was killed may take to end */

static pid_t parent;
static bool of_master;

/* Not getppid(): by then the parent may have exited, and another taken its
 * place. */
static pid_t
forked(pid_t self, pid_t pid)
{
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		of_master = parent == 0;
		parent = self;
	}
	return pid;
}

pid_t
child_fork(void)
{
	pid_t self = getpid();

	return forked(self, fork());
}

/* Kernels before 5.9 cannot, nor processes in some containers: there, a child
 * gets a copy of the whole table from the start. */
static bool
can_unshare(void)
{
	static enum { UNKNOWN, YES, NO } can = UNKNOWN;

	if (can == UNKNOWN)
		can = close_range(~0U, ~0U, CLOSE_RANGE_UNSHARE) == 0 ? YES :
			NO;
	return can == YES;
}

/* The C library has no call for this.  What fork() does besides is for
 * programs with threads. */
pid_t
child_fork_sharing_descriptors(void)
{
	pid_t self = getpid();

	if (!can_unshare())
		return child_fork();
#ifdef __s390x__	/* the first two arguments, in the other order */
	return forked(self, (pid_t)syscall(SYS_clone, 0, CLONE_FILES | SIGCHLD,
		0, 0, 0));
#else
	return forked(self, (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0,
		0, 0, 0));
#endif
}

int
child_own_descriptors(int end)
{
	if (can_unshare())
		return close_range((unsigned)end, ~0U, CLOSE_RANGE_UNSHARE) <
		    0 ? -errno : 0;
	io_hurry(true);
	io_close_from(end);
	io_hurry(false);
	return 0;
}

pid_t
child_fork_with_channel(int *fd)
{
	int fds[2];
	int error = channel_pair(fds);

	if (error < 0)
		return error;
	pid_t pid = child_fork();
	int own = pid == 0 ? 1 : 0;
	close(fds[!own]);
	*fd = fds[own];
	if (pid < 0)
		io_close(fd);
	return pid;
}

pid_t
child_parent(void)
{
	return parent;
}

void
child_begin(const int *keep, size_t n)
{
	child_begin_asked(keep, n, 0);
}

/*
 * The master may have had a connection of its control socket, and have closed
 * it since: then the copy that its child closes is the last one.  Others have
 * nothing of that kind, and the monitor's filter does not allow timers.
 */
static void
close_inherited(const int *keep, size_t n)
{
	if (of_master)
		io_hurry(true);
	io_close_all_except(keep, n);
	if (of_master)
		io_hurry(false);
}

/* A signal that is ignored would be forgotten, even if it is blocked. */
void
child_begin_asked(const int *keep, size_t n, int asked_by)
{
	static const int ignored[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE,
		SIGXFSZ,
	};
	sigset_t blocked;

	event_never_wait(false);
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		if (ignored[i] != asked_by)
			signal(ignored[i], SIG_IGN);
	/* PAM's modules wait for their own helper processes. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&blocked);
	if (asked_by != 0)
		sigaddset(&blocked, asked_by);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	close_inherited(keep, n);
}

int
child_open_sigterm(void)
{
	sigset_t term;

	signal(SIGTERM, SIG_DFL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	int fd = signalfd(-1, &term, SFD_CLOEXEC);
	if (fd < 0)
		fatal(OUTCOME_ERROR, "signalfd: %s", strerror(errno));
	return fd;
}

void
child_new_group(pid_t pid)
{
	/* Fails only if the child has done it already, or has exited. */
	(void)setpgid(pid, pid);
}

bool
child_exists(int64_t pid)
{
	siginfo_t info;

	return pid > 0 && pid <= INT_MAX && waitid(P_PID, (id_t)pid, &info,
		WEXITED | WNOHANG | WNOWAIT) == 0;
}

void
child_kill_group(pid_t pid)
{
	/* For kill(2), 0 is the caller's own group, and -1 is everybody. */
	if (pid <= 1)
		bug("no child to kill");
	if (kill(pid, SIGKILL) < 0 && errno != ESRCH)
		log_error("cannot kill process %d: %s", (int)pid,
			strerror(errno));
	(void)kill(-pid, SIGKILL);
}

static enum outcome
outcome_of_signal(int signal)
{
	switch (signal) {
	case SIGSYS:
		return OUTCOME_SANDBOX;
	case SIGKILL:
	case SIGTERM:
	case SIGINT:
	case SIGHUP:
		return OUTCOME_STOPPED;
	default:
		return OUTCOME_CRASH;
	}
}

enum outcome
child_outcome(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return outcome_of_signal(WTERMSIG(wait_status));
	if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) >= OUTCOMES)
		return OUTCOME_ERROR;
	return (enum outcome)WEXITSTATUS(wait_status);
}

static pid_t
wait_for(pid_t pid, int *status, int flags)
{
	pid_t r;

	do {
		r = waitpid(pid, status, flags);
	} while (r < 0 && errno == EINTR);
	return r;
}

/* 0: it has not exited in this time. */
static pid_t
wait_until_exit(pid_t pid, int *status, int64_t patience_ms)
{
	int64_t deadline = clock_ms() + patience_ms;
	pid_t r;

	while ((r = wait_for(pid, status, WNOHANG)) == 0 &&
	    !clock_passed(deadline))
		clock_sleep_until(clock_ms() + POLL_MS);
	return r;
}

enum outcome
child_reap(pid_t pid, int64_t patience_ms)
{
	int status = 0;
	pid_t r = wait_until_exit(pid, &status, patience_ms);

	if (r == 0) {
		kill(pid, SIGKILL);
		r = wait_until_exit(pid, &status, DIE_MS);
	}
	if (r == 0) {
		log_error("process %d was killed, but does not end: a file "
			"system does not answer", (int)pid);
		return outcome_of_signal(SIGKILL);
	}
	return r == pid ? child_outcome(status) : OUTCOME_ERROR;
}
