/*
 * stack.c - frees unused memory of the stack.
 *
 * Runs in: master, monitor, greeter (relay), session.
 */
#include "common/base.h"
#include "common/process/stack.h"

#include <sys/mman.h>

#define REACH ((uintptr_t)256 << 10)	/* more than any call uses */

/* madvise() itself uses the page below this frame, which must not be that of a
 * caller with large variables (link-time optimisation). */
NOINLINE void
stack_release(void)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t end = here / size * size - size;

	/* ENOMEM: that part of the stack was never used. */
	(void)madvise((void *)(end - REACH), REACH, MADV_DONTNEED);
}
