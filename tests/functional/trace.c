/*
 * trace.c - counts the system calls of a process's children.
 *
 * Runs in: a child of the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/trace.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | \
	PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)
#define AT_CALL (SIGTRAP | 0x80)

static volatile sig_atomic_t done;

static void
finish(int signal UNUSED)
{
	done = 1;
}

/* The signal that a stop holds back, if it is one of the process's own. */
static int
held_signal(int status)
{
	int signal = WSTOPSIG(status);

	return status >> 16 != 0 || signal == SIGTRAP || signal == SIGSTOP ||
		signal == AT_CALL ? 0 : signal;
}

/* Stops come in pairs, at the begin and the end of each call. */
static long
count(pid_t parent)
{
	long stops = 0;
	int status;

	while (!done) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) == AT_CALL)
			stops += pid != parent;
		ptrace(pid == parent ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
			(void *)(uintptr_t)held_signal(status));
	}
	return stops / 2;
}

NORETURN static void
be_tracer(pid_t parent, int ready, int result)
{
	struct sigaction action = { .sa_handler = finish };
	long calls;

	sigaction(SIGTERM, &action, NULL);
	if (ptrace(PTRACE_SEIZE, parent, NULL, (void *)OPTIONS) != 0)
		_exit(1);
	(void)!write(ready, "r", 1);
	calls = count(parent);
	(void)!write(result, &calls, sizeof(calls));
	/* What was traced is let go by this process's end. */
	_exit(0);
}

bool
trace_begin(struct trace *t, pid_t parent)
{
	int ready[2], result[2];
	char c;

	*t = (struct trace){ .tracer = -1, .result = -1 };
	if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(result, O_CLOEXEC) != 0)
		return false;
	t->tracer = fork();
	if (t->tracer == 0)
		be_tracer(parent, ready[1], result[1]);
	close(ready[1]);
	close(result[1]);
	t->result = result[0];
	bool traced = read(ready[0], &c, 1) == 1;
	close(ready[0]);
	return traced;
}

long
trace_end(struct trace *t)
{
	long calls = -1;

	kill(t->tracer, SIGTERM);
	if (read(t->result, &calls, sizeof(calls)) !=
	    (ssize_t)sizeof(calls))
		calls = -1;
	close(t->result);
	waitpid(t->tracer, NULL, 0);
	return calls;
}
