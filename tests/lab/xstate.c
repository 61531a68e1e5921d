/*
 * xstate.c - lets user-mode-linux run on processors that are newer than it.
 *
 * It saves and restores the registers of its processes with ptrace(2), in a
 * buffer made for AVX-512.  If the processor has more (AMX), the host's kernel
 * accepts only the complete state, and user-mode-linux fails.  This library
 * (LD_PRELOAD) replaces ptrace(2): registers that are not in the buffer are
 * left unchanged.
 *
 * Runs in: user-mode-linux.
 */
#include "common/base.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define WHOLE 65536	/* more than any processor's registers */

long xstate_ptrace(long request, long pid, unsigned long address, void *data)
	__asm__("ptrace");

static long
call(long request, long pid, unsigned long address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

static long
registers(long request, long pid, struct iovec *part)
{
	static char bytes[WHOLE] __attribute__((aligned(64)));
	struct iovec whole = { bytes, sizeof(bytes) };
	long r = call(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole);

	if (r < 0)
		return r;
	if (part->iov_len > whole.iov_len)
		part->iov_len = whole.iov_len;
	if (request == PTRACE_GETREGSET) {
		memcpy(part->iov_base, bytes, part->iov_len);
		return 0;
	}
	memcpy(bytes, part->iov_base, part->iov_len);
	return call(request, pid, NT_X86_XSTATE, &whole);
}

/* As the C library's, but for the registers. */
long
xstate_ptrace(long request, long pid, unsigned long address, void *data)
{
	long word;

	switch (request) {
	case PTRACE_GETREGSET:
	case PTRACE_SETREGSET:
		return address == NT_X86_XSTATE ?
			registers(request, pid, data) :
			call(request, pid, address, data);
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
	case PTRACE_PEEKUSER:
		return call(request, pid, address, &word) < 0 ? -1 : word;
	default:
		return call(request, pid, address, data);
	}
}
