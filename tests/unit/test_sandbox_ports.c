/*
 * test_sandbox_ports.c - the filters of other processors: what their C
 * libraries call is allowed, and nothing hides its arguments from the filter.
 */
#include "common/base.h"
#include "common/process/sandbox_rules.h"

#include "common/process/sandbox_program.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

const char *const unit_name = "sandbox_ports";

#define CASE_CALLS 12
#define CALL_ARGS  6

enum { X86 = 1, ARM = 2, ARM64 = 4, RISCV64 = 8, S390X = 16, PPC64LE = 32 };
enum { LONG_32 = X86 | ARM, EVERY = LONG_32 | ARM64 | RISCV64 | S390X |
	PPC64LE };

static const struct port {
	int bit;
	uint32_t token;
	bool big_endian;
} ports[] = {
	{ X86, SCMP_ARCH_X86, false },
	{ ARM, SCMP_ARCH_ARM, false },
	{ ARM64, SCMP_ARCH_AARCH64, false },
	{ RISCV64, SCMP_ARCH_RISCV64, false },
	{ S390X, SCMP_ARCH_S390X, true },
	{ PPC64LE, SCMP_ARCH_PPC64LE, false },
};

/* --- a filter, run as the kernel does */

/* Programs have the byte order of their processor. */
static bool
is_swapped(const struct port *p)
{
	return p->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static uint32_t
load(uint32_t offset, int number, const uint64_t *args, const struct port *p)
{
	if (offset < 4)
		return (uint32_t)number;
	if (offset < 8)
		return p->token;
	if (offset < 16)
		return 0;
	uint64_t argument = args[(offset - 16) / 8];
	bool high = (offset % 8 == 4) != p->big_endian;
	return (uint32_t)(high ? argument >> 32 : argument);
}

static bool
is_true(unsigned operation, uint32_t a, uint32_t k)
{
	switch (operation) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		CU_FAIL_FATAL("a jump that no filter has");
		return false;
	}
}

/* What the filter returns for this call: SECCOMP_RET_... */
static uint32_t
run(const struct sock_fprog *program, int number, const uint64_t *args,
	const struct port *p)
{
	uint32_t a = 0;

	for (size_t at = 0; at < program->len; at++) {
		const struct sock_filter *f = &program->filter[at];
		uint16_t code = is_swapped(p) ? __builtin_bswap16(f->code) :
			f->code;
		uint32_t k = is_swapped(p) ? __builtin_bswap32(f->k) : f->k;

		if (code == (BPF_LD | BPF_W | BPF_ABS))
			a = load(k, number, args, p);
		else if (code == (BPF_ALU | BPF_AND | BPF_K))
			a &= k;
		else if (code == (BPF_JMP | BPF_JA))
			at += k;
		else if (BPF_CLASS(code) == BPF_JMP)
			at += is_true(BPF_OP(code), a, k) ? f->jt : f->jf;
		else if (code == (BPF_RET | BPF_K))
			return k;
		else
			CU_FAIL_FATAL("an instruction that no filter has");
	}
	CU_FAIL_FATAL("the filter has no end");
	return 0;
}

/* --- the filter of another processor */

static void
compile(enum sandbox_filter which, const struct port *p,
	struct sock_fprog *program)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);

	CU_ASSERT_PTR_NOT_NULL_FATAL(filter);
	if (p->token != seccomp_arch_native()) {
		CU_ASSERT_EQUAL_FATAL(seccomp_arch_remove(filter,
			seccomp_arch_native()), 0);
		CU_ASSERT_EQUAL_FATAL(seccomp_arch_add(filter, p->token), 0);
	}
	CU_ASSERT_EQUAL_FATAL(sandbox_rules_add(filter, which), 0);
	CU_ASSERT_EQUAL_FATAL(sandbox_program_export(filter, program), 0);
	seccomp_release(filter);
}

/* The numbers of calls for sockets, to which the library gives numbers of its
 * own. */
static int
direct_number(const char *name, const struct port *p)
{
	static const struct {
		const char *name;
		int others, ppc;
	} direct[] = {
		{ "socket", 359, 326 }, { "socketpair", 360, 333 },
		{ "bind", 361, 327 }, { "accept4", 364, 344 },
		{ "getsockopt", 365, 340 }, { "setsockopt", 366, 339 },
		{ "sendmsg", 370, 341 }, { "recvmsg", 372, 342 },
	};

	if ((p->bit & (X86 | S390X | PPC64LE)) != 0)
		for (size_t i = 0; i < ARRAY_SIZE(direct); i++)
			if (strcmp(direct[i].name, name) == 0)
				return p->bit == PPC64LE ? direct[i].ppc :
					direct[i].others;
	return -1;
}

static int
number_of(const char *name, const struct port *p)
{
	int number = direct_number(name, p);

	if (number < 0)
		number = seccomp_syscall_resolve_name_arch(p->token, name);
	if (number < 0) {
		printf("no %s on processor %d\n", name, p->bit);
		CU_FAIL("the call exists");
	}
	return number;
}

struct attempt {
	int ports;		/* set of the processors above */
	enum sandbox_filter filter;
	uint64_t args[CALL_ARGS];
	const char *names[CASE_CALLS];
};

static void
check_one(const struct attempt *t, const struct port *p, bool allowed)
{
	struct sock_fprog program;

	if ((t->ports & p->bit) == 0)
		return;
	compile(t->filter, p, &program);
	for (size_t i = 0; i < CASE_CALLS && t->names[i] != NULL; i++) {
		bool is = run(&program, number_of(t->names[i], p), t->args,
			p) == SCMP_ACT_ALLOW;
		if (is != allowed)
			printf("%s in filter %d of processor %d\n",
				t->names[i], (int)t->filter, p->bit);
		CU_ASSERT_EQUAL(is, allowed);
	}
	free(program.filter);
}

static void
check(const struct attempt *attempts, size_t count, bool allowed)
{
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < ARRAY_SIZE(ports); p++)
			check_one(&attempts[i], &ports[p], allowed);
}

/* --- tests */

/* Sizes and times of 64 bits have calls of their own on 32-bit processors. */
static void
test_long_numbers(void)
{
	static const struct attempt attempts[] = {
		{ LONG_32, SANDBOX_GREETER, { 0 }, { "clock_gettime64",
			"clock_getres_time64", "clock_nanosleep_time64",
			"ppoll_time64", "futex_time64", "sigreturn" } },
		{ LONG_32, SANDBOX_SESSION, { 0 }, { "_llseek", "ftruncate64",
			"sendfile64", "fstatfs64", "utimensat_time64",
			"fstatat64", "fstat64", "statx", "pread64" } },
		{ LONG_32, SANDBOX_RECORDER, { 0 }, { "recvmmsg_time64",
			"_llseek", "statx", "fstatat64" } },
		{ LONG_32, SANDBOX_SCANNER, { 0 }, { "_llseek", "statx",
			"getdents64", "setitimer" } },
		{ LONG_32, SANDBOX_KEEPER, { 0 }, { "statx", "fstatat64" } },
		{ LONG_32, SANDBOX_BOOKKEEPER, { 0 }, { "statx" } },
		{ LONG_32, SANDBOX_GREETER, { 0 }, { "getuid32", "geteuid32",
			"getgid32", "getegid32", "ugetrlimit" } },
		{ LONG_32, SANDBOX_SESSION, { 0, F_GETFL }, { "fcntl64" } },
		{ LONG_32, SANDBOX_RADIUS, { 0 }, { "mmap2" } },
	};

	check(attempts, ARRAY_SIZE(attempts), true);
}

/* Those that only some processors have. */
static void
test_other_names(void)
{
	static const struct attempt attempts[] = {
		{ EVERY, SANDBOX_RADIUS, { 0 }, { "futex", "ppoll", "recvmsg",
			"clock_gettime", "getrandom" } },
		{ EVERY, SANDBOX_SESSION, { 0 }, { "renameat2", "openat2",
			"accept4", "bind", "utimensat", "sendmsg", "statx",
			"getsockopt" } },
		{ ARM64 | S390X | PPC64LE, SANDBOX_SESSION, { 0 }, { "renameat",
			"newfstatat", "fstat", "sendfile", "lseek" } },
		{ RISCV64, SANDBOX_SESSION, { 0 }, { "newfstatat", "fstat" } },
		{ ARM64 | RISCV64 | PPC64LE, SANDBOX_GREETER, { 0 },
			{ "mmap", "mprotect" } },
		{ EVERY, SANDBOX_KEEPER, { 0 }, { "epoll_pwait" } },
		{ EVERY, SANDBOX_SCANNER, { 0 }, { "setitimer" } },
		{ ARM, SANDBOX_RADIUS, { 0 }, { "send", "recv" } },
		{ S390X, SANDBOX_GREETER, { 0 }, { "mmap" } },
		{ EVERY, SANDBOX_SESSION, { AF_INET, SOCK_STREAM },
			{ "socket" } },
		{ EVERY, SANDBOX_CONNECTOR, { AF_INET6, SOCK_DGRAM },
			{ "socket" } },
		{ EVERY, SANDBOX_GREETER, { AF_UNIX }, { "socketpair" } },
		{ EVERY, SANDBOX_SESSION, { 0, SOL_SOCKET, SO_KEEPALIVE },
			{ "setsockopt" } },
	};

	check(attempts, ARRAY_SIZE(attempts), true);
}

/* "socketcall" and, on 32-bit x86, "mmap" have their arguments in memory, which
 * a filter does not see: if they were allowed, everything would be. */
static void
test_hidden_arguments(void)
{
	enum { SYS_SOCKET = 1, SYS_CONNECT = 3, SYS_SETSOCKOPT = 14 };
	static const struct attempt attempts[] = {
		{ X86 | S390X | PPC64LE, SANDBOX_SESSION,
			{ SYS_SOCKET, 0x10001 }, { "socketcall" } },
		{ X86 | S390X | PPC64LE, SANDBOX_SESSION,
			{ SYS_CONNECT, 0x10001 }, { "socketcall" } },
		{ X86 | S390X | PPC64LE, SANDBOX_SESSION,
			{ SYS_SETSOCKOPT, SOL_SOCKET }, { "socketcall" } },
#ifndef SANDBOX_SANITIZED	/* which allows these */
		{ X86, SANDBOX_GREETER, { 0x10000 }, { "mmap" } },
		{ EVERY, SANDBOX_GREETER, { 0, 4096, PROT_EXEC },
			{ "mprotect" } },
#endif
		{ LONG_32, SANDBOX_GREETER, { 0, 4096, PROT_EXEC },
			{ "mmap2" } },
		{ LONG_32, SANDBOX_SESSION, { 0, F_SETOWN }, { "fcntl64" } },
		{ EVERY, SANDBOX_SESSION, { AF_UNIX, SOCK_STREAM },
			{ "socket" } },
		{ EVERY, SANDBOX_SESSION, { 0, SOL_SOCKET, SO_LINGER },
			{ "setsockopt" } },
		{ EVERY, SANDBOX_SESSION, { 0 }, { "execve", "ptrace",
			"clone", "kill", "unshare", "chroot" } },
	};

	check(attempts, ARRAY_SIZE(attempts), false);
}

CU_TestInfo unit_tests[] = {
	{ "sizes and times of 64 bits on 32-bit processors",
		test_long_numbers },
	{ "calls that only some processors have", test_other_names },
	{ "arguments that a filter does not see", test_hidden_arguments },
	CU_TEST_INFO_NULL,
};
