/*
 * sandbox.c - compiles and installs the system call filters.
 *
 * Runs in: master (compiles), greeter, session, recorder, keeper, scanner,
 * bookkeeper, radius, connector (install).
 */
#include "common/base.h"
#include "common/process/sandbox.h"

#include "common/log/event.h"
#include "common/process/message.h"
#include "common/process/sandbox_program.h"
#include "common/process/sandbox_rules.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Made once by sandbox_prepare(), and inherited by children. */
static struct sock_fprog programs[SANDBOX_FILTERS];

static int
compile(enum sandbox_filter which)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);

	if (filter == NULL)
		return -ENOMEM;
	/* A binary tree takes 7 comparisons instead of 70; older libraries have
	 * only the linear filter. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
		SCMP_ACT_KILL_PROCESS);
	if (error == 0)
		error = sandbox_rules_add(filter, which);
	if (error == 0)
		error = sandbox_program_export(filter, &programs[which]);
	seccomp_release(filter);
	return error;
}

bool
sandbox_available(void)
{
	/* A kernel that supports filters returns EFAULT for the NULL
	 * address. */
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) < 0 &&
		errno == EFAULT;
}

int
sandbox_prepare(void)
{
	int error = 0;

	for (int which = SANDBOX_NONE + 1; which < SANDBOX_FILTERS; which++)
		if (error == 0 && programs[which].filter == NULL)
			error = compile((enum sandbox_filter)which);
	return error;
}

/* Async-signal-safe: event_send() is, and nothing here allocates. */
static void
refused(int signal UNUSED, siginfo_t *info, void *context UNUSED)
{
	struct event e = event_new(EVENT_sandbox);

	e.ok = false;
	e.code = info->si_syscall;
	event_send(&e);
	_exit(OUTCOME_SANDBOX);
}

static int
catch_refusals(void)
{
	struct sigaction action = {
		.sa_sigaction = refused, .sa_flags = SA_SIGINFO };
	sigset_t sigsys;

	sigfillset(&action.sa_mask);
	if (sigaction(SIGSYS, &action, NULL) < 0)
		return -errno;
	/* If SIGSYS were blocked, the kernel would kill the process without a
	 * log line. */
	sigemptyset(&sigsys);
	sigaddset(&sigsys, SIGSYS);
	return sigprocmask(SIG_UNBLOCK, &sigsys, NULL) < 0 ? -errno : 0;
}

int
sandbox_enter(enum sandbox_filter which)
{
	const struct sock_fprog *program = &programs[which];

	if (program->filter == NULL)
		return -ENOSYS;
	int error = catch_refusals();
	if (error < 0)
		return error;
	return sandbox_program_install(program);
}

const char *
sandbox_call_name(int number, char *name, size_t size)
{
	char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE,
		number);

	snprintf(name, size, "%s", found != NULL ? found : "?");
	free(found);
	return name;
}
