/*
 * counted.h - mkdir, symlink and rename, counted for a quota.  For worker/tree/
 * only.
 */
#ifndef WORKER_TREE_COUNTED_H
#define WORKER_TREE_COUNTED_H

#include "common/base.h"
#include "worker/tree/numbered.h"
#include "worker/tree/permit.h"

/* All return 0 or -errno, also -REASON_QUOTA_... */

int counted_make_directory(const struct tree *t, const struct target *at)
	MUST_CHECK;
int counted_make_link(const struct tree *t, const char *target,
	const struct target *at) MUST_CHECK;

/* numbered_rename(). */
int counted_rename(const struct tree *t, const struct target *old,
	struct target *new, struct numbered *n) MUST_CHECK;

#endif
