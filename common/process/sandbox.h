/*
 * sandbox.h - all use of libseccomp.
 *
 * Filters are compiled once in the master and installed by each process,
 * because compiling takes longer than forking.
 */
#ifndef COMMON_PROCESS_SANDBOX_H
#define COMMON_PROCESS_SANDBOX_H

#include "common/base.h"
#include "common/process/sandbox_filter.h"

/* Does this kernel have seccomp filters? */
bool sandbox_available(void);

/* Compile all filters; 0 or -errno. */
int sandbox_prepare(void) MUST_CHECK;

/*
 * Install the filter for good (no-new-privileges must be set).  A call
 * outside it ends the process with OUTCOME_SANDBOX after an EVENT_sandbox
 * that carries the call's number.  -ENOSYS where the kernel has no seccomp.
 */
int sandbox_enter(enum sandbox_filter filter) MUST_CHECK;

/* Name of a system call number on this machine ("openat"), or "?". */
const char *sandbox_call_name(int number, char *name, size_t size);

#endif
