/*
 * sandbox_rules.h - what the system call filters allow.  For sandbox.c only.
 */
#ifndef COMMON_PROCESS_SANDBOX_RULES_H
#define COMMON_PROCESS_SANDBOX_RULES_H

#include "common/base.h"
#include "common/process/sandbox_filter.h"

#include <seccomp.h>

/* Add the rules of this filter; 0 or a negative errno. */
int sandbox_rules_add(scmp_filter_ctx filter, enum sandbox_filter which)
	MUST_CHECK;

#endif
