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

/* Never above what the administrator or PAM has set; and no core files.  Ends
 * the process when it cannot be done. */
void role_limits_enter(const struct role_limits *limits);

#endif
