/*
 * inject.c - injects system calls into another process, by ptrace(2).
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

#define DATA_BELOW 8192	/* the stack's end, and the red zone */
#define LOOP_WORDS 64	/* below the data: the call's number, and the count */

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

/* mov eax, ebp; syscall; dec ebx; jnz to the beginning; int3 */
static const uint8_t loop_code[] = {
	0x89, 0xe8, 0x0f, 0x05, 0xff, 0xcb, 0x75, 0xf8, 0xcc,
};

static uint64_t
data_place(const struct user_regs_struct *r)
{
	return (r->rsp - DATA_BELOW) & ~(uint64_t)63;
}

static void
set_loop(struct user_regs_struct *r, uint64_t code, long number,
	const uint64_t *args, uint32_t count)
{
	r->rip = code;
	r->orig_rax = (unsigned long long)-1;
	r->rbp = (unsigned long long)number;
	r->rbx = count;
	r->rdi = args[0];
	r->rsi = args[1];
	r->rdx = args[2];
	r->r10 = args[3];
	r->r8 = args[4];
	r->r9 = args[5];
}

static long
result_of(const struct user_regs_struct *r)
{
	return (long)r->rax;
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

/* mov x0, x19; svc 0; subs x20, x20, 1; b.ne to the beginning; brk 0 */
static const uint8_t loop_code[] = {
	0xe0, 0x03, 0x13, 0xaa, 0x01, 0x00, 0x00, 0xd4,
	0x94, 0x06, 0x00, 0xf1, 0xa1, 0xff, 0xff, 0x54,
	0x00, 0x00, 0x20, 0xd4,
};

static uint64_t
data_place(const struct user_regs_struct *r)
{
	return (r->sp - DATA_BELOW) & ~(uint64_t)63;
}

static void
set_loop(struct user_regs_struct *r, uint64_t code, long number,
	const uint64_t *args, uint32_t count)
{
	r->pc = code;
	r->regs[8] = (unsigned long long)number;
	r->regs[19] = args[0];
	r->regs[20] = count;
	for (size_t i = 1; i < 6; i++)
		r->regs[i] = args[i];
}

static long
result_of(const struct user_regs_struct *r)
{
	return (long)r->regs[0];
}

#elif defined(__i386__)

/* The same for INT 0x80. */
static void
change_registers(struct user_regs_struct *r, long number)
{
	r->eip -= 2;
	r->orig_eax = -1;
	r->eax = number;
	r->ebx = r->ecx = r->edx = -1;
}

/* A call takes all registers, so what the loop needs is on the stack:
 * mov eax, [esp]; int 0x80; dec dword [esp+4]; jnz to the beginning; int3 */
static const uint8_t loop_code[] = {
	0x8b, 0x04, 0x24, 0xcd, 0x80, 0xff, 0x4c, 0x24, 0x04, 0x75, 0xf5, 0xcc,
};

static uint64_t
data_place(const struct user_regs_struct *r)
{
	return ((uint32_t)r->esp - DATA_BELOW) & ~(uint64_t)63;
}

static void
set_loop(struct user_regs_struct *r, uint64_t code, long number UNUSED,
	const uint64_t *args, uint32_t count UNUSED)
{
	r->eip = (long)code;
	r->orig_eax = -1;
	r->esp = (long)data_place(r) - LOOP_WORDS;
	r->ebx = (long)args[0];
	r->ecx = (long)args[1];
	r->edx = (long)args[2];
	r->esi = (long)args[3];
	r->edi = (long)args[4];
	r->ebp = (long)args[5];
}

static long
result_of(const struct user_regs_struct *r)
{
	return r->eax;
}

#else
#error "no system calls are injected on this processor"
#endif

_Static_assert(sizeof(struct user_regs_struct) <= INJECT_REGISTERS,
	"room for the registers");
_Static_assert(sizeof(loop_code) <= INJECT_CODE, "room for the code");

static bool
registers(enum __ptrace_request request, pid_t pid, struct user_regs_struct *r)
{
	struct iovec all = { .iov_base = r, .iov_len = sizeof(*r) };

	return ptrace(request, pid, (void *)NT_PRSTATUS, &all) == 0;
}

static bool
stop(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 &&
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
		waitpid(pid, NULL, __WALL) == pid;
}

bool
inject_call(pid_t pid, long number)
{
	struct user_regs_struct r;

	if (!stop(pid) || !registers(PTRACE_GETREGSET, pid, &r))
		return false;
	change_registers(&r, number);
	bool done = registers(PTRACE_SETREGSET, pid, &r);
	return ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0 && done;
}

/* Word by word, because the code is in pages that cannot be written to. */
static bool
write_memory(pid_t pid, uint64_t at, const void *data, size_t len)
{
	for (size_t i = 0; i < len; i += sizeof(long)) {
		size_t n = len - i < sizeof(long) ? len - i : sizeof(long);
		void *address = (void *)(uintptr_t)(at + i);
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, pid, address, NULL);
		if (errno != 0)
			return false;
		memcpy(&word, (const char *)data + i, n);
		if (ptrace(PTRACE_POKEDATA, pid, address, word) != 0)
			return false;
	}
	return true;
}

static bool
read_memory(pid_t pid, uint64_t at, void *data, size_t len)
{
	struct iovec here = { data, len };
	struct iovec there = { (void *)(uintptr_t)at, len };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)len;
}

static struct user_regs_struct *
kept(struct captive *c)
{
	return (struct user_regs_struct *)(void *)c->registers;
}

/* Where the program began: nothing else uses that code again.  The handler of
 * SIGSYS makes calls by the C library's. */
static uint64_t
entry(pid_t pid)
{
	char path[64];
	unsigned long pair[2], at = 0;

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)pid);
	FILE *f = fopen(path, "re");
	while (f != NULL && at == 0 &&
	    fread(pair, sizeof(pair), 1, f) == 1)
		if (pair[0] == AT_ENTRY)
			at = pair[1];
	if (f != NULL)
		fclose(f);
	return at;
}

bool
inject_capture(struct captive *c, pid_t pid)
{
	*c = (struct captive){ .pid = pid };
	if (pid <= 1 || !stop(pid) ||
	    !registers(PTRACE_GETREGSET, pid, kept(c)))
		return false;
	c->code_at = entry(pid);
	c->data_at = data_place(kept(c));
	return c->code_at != 0 &&
		read_memory(pid, c->code_at, c->code, sizeof(c->code));
}

uint64_t
inject_put(struct captive *c, size_t offset, const void *data, size_t len)
{
	uint64_t at = c->data_at + offset;

	return write_memory(c->pid, at, data, len) ? at : 0;
}

bool
inject_get(struct captive *c, size_t offset, void *data, size_t len)
{
	return read_memory(c->pid, c->data_at + offset, data, len);
}

bool
inject_begin_loop(struct captive *c, long number, const uint64_t args[6],
	uint32_t count)
{
	struct user_regs_struct r = *kept(c);
	const uint32_t words[] = { (uint32_t)number, count };

	set_loop(&r, c->code_at, number, args, count);
	return write_memory(c->pid, c->code_at, loop_code,
		sizeof(loop_code)) &&
		write_memory(c->pid, c->data_at - LOOP_WORDS, words,
			sizeof(words)) &&
		registers(PTRACE_SETREGSET, c->pid, &r) &&
		ptrace(PTRACE_CONT, c->pid, NULL, NULL) == 0;
}

bool
inject_end_loop(struct captive *c)
{
	int status;

	return waitpid(c->pid, &status, __WALL) == c->pid &&
		WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP;
}

long
inject_syscall(struct captive *c, long number, const uint64_t args[6])
{
	struct user_regs_struct r;

	if (!inject_begin_loop(c, number, args, 1) || !inject_end_loop(c) ||
	    !registers(PTRACE_GETREGSET, c->pid, &r))
		return -ENOSYS;
	return result_of(&r);
}

bool
inject_is_blocked(struct captive *c, long number, const uint64_t args[6])
{
	int status;

	if (!inject_begin_loop(c, number, args, 1) ||
	    waitpid(c->pid, &status, __WALL) != c->pid)
		return false;
	return WIFSTOPPED(status) && WSTOPSIG(status) == SIGSYS &&
		ptrace(PTRACE_DETACH, c->pid, NULL, (void *)SIGSYS) == 0;
}

bool
inject_release(struct captive *c)
{
	return write_memory(c->pid, c->code_at, c->code, sizeof(c->code)) &&
		registers(PTRACE_SETREGSET, c->pid, kept(c)) &&
		ptrace(PTRACE_DETACH, c->pid, NULL, NULL) == 0;
}
