/*
 * sandbox_program.h - filters as programs for the kernel.  For sandbox*.c only.
 */
#ifndef COMMON_PROCESS_SANDBOX_PROGRAM_H
#define COMMON_PROCESS_SANDBOX_PROGRAM_H

#include "common/base.h"

#include <linux/filter.h>
#include <seccomp.h>

/* The number of a system call for the library: negative if this processor does
 * not have it, __NR_SCMP_ERROR if the library does not know it. */
int sandbox_program_call(const char *name);

/* Turn a filter into a program, which is malloc'd.  0 or -errno. */
int sandbox_program_export(scmp_filter_ctx filter, struct sock_fprog *program)
	MUST_CHECK;

/* Install it for good, in addition to others.  0 or -errno. */
int sandbox_program_install(const struct sock_fprog *program) MUST_CHECK;

#endif
