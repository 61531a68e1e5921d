/*
 * inject.h - makes another process behave like a compromised one, by ptrace(2).
 *
 * The process must be waiting in a system call.  Everything here fails on
 * processors that inject.c does not know.
 */
#ifndef TESTS_FUNCTIONAL_INJECT_H
#define TESTS_FUNCTIONAL_INJECT_H

#include "common/base.h"

/*
 * Interrupt the process's call, and make it call `number` instead, with
 * arguments that are harmless if the call is allowed.  False when the process
 * cannot be traced.
 */
bool inject_call(pid_t pid, long number);

#define INJECT_REGISTERS 1024	/* bytes; more than any processor has */
#define INJECT_CODE	 32	/* bytes of a program of ours */

/* A captured process; it is stopped except during injected calls. */
struct captive {
	pid_t pid;
	uint64_t registers[INJECT_REGISTERS / 8];	/* as they were */
	size_t registers_len;
	uint64_t code_at;
	uint8_t code[INJECT_CODE];	/* what was there */
	uint64_t data_at;		/* where inject_put() puts */
};

/* Stop it. */
bool inject_capture(struct captive *c, pid_t pid);

/* Write bytes into its memory, at `offset` (below 4096) in an unused area;
 * returns their address. inject_get: read them back. */
uint64_t inject_put(struct captive *c, size_t offset, const void *data,
	size_t len);
bool inject_get(struct captive *c, size_t offset, void *data, size_t len);

/* Make a system call; its result, negative for an error, as the kernel gives
 * it; -ENOSYS when that could not be done. */
long inject_syscall(struct captive *c, long number, const uint64_t args[6]);

/* Make a call that a filter should block: true if it does.  The process then
 * ends by itself, and is captured no more. */
bool inject_is_blocked(struct captive *c, long number, const uint64_t args[6]);

/* Let it make this call `count` times, as fast as it can, whatever the result,
 * and do not wait for that; then wait for the end. */
bool inject_begin_loop(struct captive *c, long number,
	const uint64_t args[6], uint32_t count);
bool inject_end_loop(struct captive *c);

/* Restore its state and let it continue. */
bool inject_release(struct captive *c);

#endif
