/*
 * role_limits.c - lowers resource limits.
 *
 * Runs in: every process, when it enters its role.
 */
#include "common/base.h"
#include "common/process/role_limits.h"

#include "common/log/log.h"
#include "common/process/message.h"
#include "common/process/sandbox.h"

static void
lower_limit(int resource, rlim_t most, const char *name)
{
	struct rlimit now;

	if (most == ROLE_NO_LIMIT)
		return;
	if (getrlimit((__rlimit_resource_t)resource, &now) < 0)
		fatal(OUTCOME_ERROR, "reading the limit of %s: %s", name,
			strerror(errno));
	if (now.rlim_max <= most)
		return;
	now.rlim_max = most;
	if (now.rlim_cur > now.rlim_max)
		now.rlim_cur = now.rlim_max;
	if (setrlimit((__rlimit_resource_t)resource, &now) < 0)
		fatal(OUTCOME_ERROR, "limiting %s: %s", name, strerror(errno));
}

void
role_limits_enter(const struct role_limits *limits)
{
	lower_limit(RLIMIT_CORE, 0, "core files");
	lower_limit(RLIMIT_NPROC, limits->processes, "processes");
	lower_limit(RLIMIT_NOFILE, limits->files, "open files");
#ifndef SANDBOX_SANITIZED	/* whose shadow memory is terabytes */
	lower_limit(RLIMIT_AS, limits->memory, "memory");
#endif
}
