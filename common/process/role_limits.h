/*
 * role_limits.h - resource limits of a role.  For role.c only.
 */
#ifndef COMMON_PROCESS_ROLE_LIMITS_H
#define COMMON_PROCESS_ROLE_LIMITS_H

#include "common/base.h"

#include <sys/resource.h>

#define ROLE_NO_LIMIT RLIM_INFINITY	/* not changed */

struct role_limits {
	rlim_t processes;
	rlim_t files;
	rlim_t memory;
};

/* Lower the limits, never above what the administrator or PAM has set, and
 * disable core files.  A failure ends the process. */
void role_limits_enter(const struct role_limits *limits);

#endif
