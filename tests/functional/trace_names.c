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

#include <linux/ptrace.h>
#include <sys/syscall.h>

/* <sys/ptrace.h> and <linux/ptrace.h> do not go together. */
extern long ptrace(int request, ...);

#define JAILED_MAX 64

struct tracing {
	pid_t jailed[JAILED_MAX];
	size_t count;
	struct buffer *names;
};

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

/* Word by word, because the length of the name is unknown. */
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
look_at_call(void *context, pid_t pid)
{
	struct tracing *t = context;
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

static bool
write_names(void *context, int fd)
{
	const struct tracing *t = context;

	return io_write_all(fd, t->names->data, t->names->len,
		clock_after(10)) == 0 && !t->names->overflow;
}

bool
trace_names_begin(struct trace_names *t, pid_t parent)
{
	BUFFER(names, 65536);
	struct tracing tracing = { .names = &names };
	const struct tracer_job job = { look_at_call, write_names, &tracing };

	return tracer_begin(&t->tracer, parent, &job);
}

const char *
trace_names_end(struct trace_names *t)
{
	size_t len = 0;
	ssize_t n;

	tracer_end(&t->tracer);
	while (len < sizeof(t->text) - 1 && (n = read(t->tracer.result,
		t->text + len, sizeof(t->text) - 1 - len)) > 0)
		len += (size_t)n;
	t->text[len] = '\0';
	return tracer_close(&t->tracer) ? t->text : NULL;
}
