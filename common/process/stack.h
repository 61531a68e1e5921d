/*
 * stack.h - gives back the memory of the stack.
 */
#ifndef COMMON_PROCESS_STACK_H
#define COMMON_PROCESS_STACK_H

/* Below the caller everything that earlier calls have used and left is given
 * back to the kernel: a process that waits for a long time, as one of
 * thousands, need not keep it.  Costs one system call, and a page fault for
 * each page that is used again. */
void stack_release(void);

#endif
