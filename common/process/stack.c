/*
 * stack.c - gives back the memory of the stack.
 *
 * Runs in: monitor, greeter (relay), session.
 */
#include "common/base.h"
#include "common/process/stack.h"

#include <sys/mman.h>

#define REACH ((uintptr_t)256 << 10)	/* no call uses more */

/* The page below this frame is madvise()'s own. */
void
stack_release(void)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t end = here / size * size - size;

	/* ENOMEM: the stack never reached so far down. */
	(void)madvise((void *)(end - REACH), REACH, MADV_DONTNEED);
}
