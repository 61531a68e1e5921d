/*
 * change_mode.h - changes the mode of a target (SITE CHMOD, MFF).
 */
#ifndef WORKER_TREE_CHANGE_MODE_H
#define WORKER_TREE_CHANGE_MODE_H

#include "common/base.h"
#include "worker/tree/target.h"

/*
 * Change the mode of what the target leads to; if the resolver is careful, of
 * the target itself, which must not be a link.  Unless `special`, setuid is
 * refused, and setgid and sticky are allowed on directories only.  0,
 * -REASON_MODE or -errno.
 */
int change_mode(struct resolver *r, const struct target *at, mode_t mode,
	bool special) MUST_CHECK;

#endif
