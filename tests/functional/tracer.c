/*
 * tracer.c - traces the system calls of a process's children.
 *
 * Runs in: a child of the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/tracer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
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

/* The signal to deliver after a stop; 0 if the stop is ptrace's own. */
static int
held_signal(int status)
{
	int signal = WSTOPSIG(status);

	return status >> 16 != 0 || signal == SIGTRAP || signal == SIGSTOP ||
		signal == AT_CALL ? 0 : signal;
}

static void
watch(pid_t parent, const struct tracer_job *job)
{
	int status;

	while (!done) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) == AT_CALL && pid != parent)
			job->at_call(job->context, pid);
		ptrace(pid == parent ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
			(void *)(uintptr_t)held_signal(status));
	}
}

NORETURN static void
be_tracer(pid_t parent, const struct tracer_job *job, int ready, int result)
{
	struct sigaction action = { .sa_handler = finish };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &action, NULL);
	if (ptrace(PTRACE_SEIZE, parent, NULL, (void *)OPTIONS) != 0)
		_exit(1);
	(void)!write(ready, "r", 1);
	watch(parent, job);
	/* The exit of this process detaches it from all others. */
	_exit(job->write_result(job->context, result) ? 0 : 1);
}

bool
tracer_begin(struct tracer *t, pid_t parent, const struct tracer_job *job)
{
	int ready[2], result[2];
	char c;

	t->pid = t->result = -1;
	if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(result, O_CLOEXEC) != 0)
		return false;
	t->pid = fork();
	if (t->pid == 0)
		be_tracer(parent, job, ready[1], result[1]);
	close(ready[1]);
	close(result[1]);
	t->result = result[0];
	bool traced = read(ready[0], &c, 1) == 1;
	close(ready[0]);
	return traced;
}

void
tracer_end(struct tracer *t)
{
	kill(t->pid, SIGTERM);
}

bool
tracer_close(struct tracer *t)
{
	int status = -1;

	close(t->result);
	waitpid(t->pid, &status, 0);
	return status == 0;
}
