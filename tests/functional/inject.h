/*
 * inject.h - makes another process try a system call, as a taken over one
 * would.
 */
#ifndef TESTS_FUNCTIONAL_INJECT_H
#define TESTS_FUNCTIONAL_INJECT_H

#include "common/base.h"

/*
 * The process must be waiting in a system call.  That call ends, and the
 * process makes call `number` in its place, with arguments that do no harm if
 * it is let through.  False when the process cannot be traced, and on
 * processors that inject.c does not know.
 */
bool inject_call(pid_t pid, long number);

#endif
