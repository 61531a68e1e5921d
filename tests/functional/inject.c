/*
 * inject.c - a system call in somebody else's name, by ptrace(2).
 *
 * Runs in: the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/inject.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#if defined(__x86_64__)

/* Back onto the SYSCALL instruction, and no restart of the old call. */
static void
change_registers(struct user_regs_struct *r, long number)
{
	r->rip -= 2;
	r->orig_rax = (unsigned long long)-1;
	r->rax = (unsigned long long)number;
	r->rdi = r->rsi = r->rdx = (unsigned long long)-1;
}

#elif defined(__aarch64__)

/* The same for SVC; the kernel restarts nothing when x0 is no error. */
static void
change_registers(struct user_regs_struct *r, long number)
{
	r->pc -= 4;
	r->regs[8] = (unsigned long long)number;
	r->regs[0] = r->regs[1] = r->regs[2] = 0x7fffffff;
}

#else

static void
change_registers(struct user_regs_struct *r UNUSED, long number UNUSED)
{
	printf("no system calls are injected on this processor\n");
}

#endif

static bool
replace_call(pid_t pid, long number)
{
	struct user_regs_struct r;
	struct iovec all = { .iov_base = &r, .iov_len = sizeof(r) };

	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &all) != 0)
		return false;
	change_registers(&r, number);
	return ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &all) == 0;
}

bool
inject_call(pid_t pid, long number)
{
	bool done = false;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return false;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
	    waitpid(pid, NULL, __WALL) == pid)
		done = replace_call(pid, number);
	return ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0 && done;
}
