/*
 * stack.h - frees unused memory of the stack.
 */
#ifndef COMMON_PROCESS_STACK_H
#define COMMON_PROCESS_STACK_H

/* Return the pages of the stack below the caller to the kernel, for processes
 * that wait for a long time.  Costs one system call, and a page fault for each
 * page that is used again. */
void stack_release(void);

#endif
