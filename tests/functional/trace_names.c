/*
 * trace_names.c - lists the files that jailed processes open by name.
 *
 * Runs in: a child of the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/trace_names.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* <sys/ptrace.h> and <linux/ptrace.h> do not go together. */
extern long ptrace(int request, ...);

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | \
	PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)
#define AT_CALL (SIGTRAP | 0x80)
#define JAILED_MAX 64

static volatile sig_atomic_t done;

struct tracing {
	pid_t jailed[JAILED_MAX];
	size_t count;
	struct buffer *names;
};

static void
finish(int signal UNUSED)
{
	done = 1;
}

static bool
is_jailed(const struct tracing *t, pid_t pid)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->jailed[i] == pid)
			return true;
	return false;
}

static bool
is_session(pid_t pid)
{
	struct proc p;

	return procs_read(pid, &p) && strcmp(p.name, PROCS_SESSION) == 0;
}

/* Word by word: how long it is, nobody knows. */
static void
add_name(struct tracing *t, pid_t pid, uint64_t at)
{
	for (size_t i = 0; i < PATH_MAX; i += sizeof(long)) {
		long word = 0;
		char bytes[sizeof(long)];

		errno = 0;
		word = ptrace(PTRACE_PEEKDATA, pid, at + i, NULL);
		if (errno != 0)
			break;
		memcpy(bytes, &word, sizeof(bytes));
		size_t n = strnlen(bytes, sizeof(bytes));
		buffer_add(t->names, bytes, n);
		if (n < sizeof(bytes))
			break;
	}
	buffer_add_char(t->names, '\n');
}

/* The argument of this call that is a name to open; -1: it has none. */
static int
name_argument(uint64_t number)
{
	switch (number) {
	case SYS_openat:
	case SYS_openat2:
		return 1;
#ifdef SYS_open
	case SYS_open:
#endif
	case SYS_execve:
		return 0;
	default:
		return -1;
	}
}

static void
look_at_call(struct tracing *t, pid_t pid)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	int argument = name_argument(info.entry.nr);
	if (argument >= 0 && is_jailed(t, pid))
		add_name(t, pid, info.entry.args[argument]);
	if (info.entry.nr == SYS_chroot && is_session(pid) &&
	    t->count < JAILED_MAX)
		t->jailed[t->count++] = pid;
}

/* The signal that a stop holds back, if it is one of the process's own. */
static int
held_signal(int status)
{
	int signal = WSTOPSIG(status);

	return status >> 16 != 0 || signal == SIGTRAP || signal == SIGSTOP ||
		signal == AT_CALL ? 0 : signal;
}

static void
watch(struct tracing *t, pid_t parent)
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
		if (WSTOPSIG(status) == AT_CALL)
			look_at_call(t, pid);
		ptrace(pid == parent ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
			(unsigned long)held_signal(status));
	}
}

NORETURN static void
be_tracer(pid_t parent, int ready, int result)
{
	struct sigaction action = { .sa_handler = finish };
	BUFFER(names, 65536);
	struct tracing t = { .names = &names };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &action, NULL);
	if (ptrace(PTRACE_SEIZE, parent, NULL, (unsigned long)OPTIONS) != 0)
		_exit(1);
	(void)!write(ready, "r", 1);
	watch(&t, parent);
	int error = io_write_all(result, names.data, names.len,
		clock_after(10));
	/* What was traced is let go by this process's end. */
	_exit(error == 0 && !names.overflow ? 0 : 1);
}

bool
trace_names_begin(struct trace_names *t, pid_t parent)
{
	int ready[2], result[2];
	char c;

	t->tracer = t->result = -1;
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

const char *
trace_names_end(struct trace_names *t)
{
	size_t len = 0;
	ssize_t n;
	int status = -1;

	kill(t->tracer, SIGTERM);
	while (len < sizeof(t->text) - 1 && (n = read(t->result,
		t->text + len, sizeof(t->text) - 1 - len)) > 0)
		len += (size_t)n;
	t->text[len] = '\0';
	close(t->result);
	waitpid(t->tracer, &status, 0);
	return status == 0 ? t->text : NULL;
}
