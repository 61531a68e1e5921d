/*
 * paused.c - stops a process before one of its system calls, by ptrace(2).
 *
 * Runs in: the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/paused.h"

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define AT_CALL (SIGTRAP | 0x80)

static bool
stopped(pid_t pid, int *signal)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		return false;
	*signal = WSTOPSIG(status);
	return true;
}

bool
paused_begin(pid_t pid)
{
	int signal;

	return ptrace(PTRACE_SEIZE, pid, NULL,
		(void *)PTRACE_O_TRACESYSGOOD) == 0 &&
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
		stopped(pid, &signal);
}

static bool
begins_call(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid,
		(void *)sizeof(info), &info) > 0 &&
		info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

static bool
has_reply(const struct ftp *c)
{
	struct pollfd fd = { .fd = c->fd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

bool
paused_at(pid_t pid, int n, struct ftp *c)
{
	int signal;

	while (n > 0 && !has_reply(c)) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) < 0 ||
			!stopped(pid, &signal))
			return false;
		n -= signal == AT_CALL && begins_call(pid);
	}
	return n == 0 && !has_reply(c);
}

bool
paused_end(pid_t pid)
{
	return ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0;
}
