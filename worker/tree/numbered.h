/*
 * numbered.h - NAME.1, NAME.2 and so on, for overwrite = rename; and renames
 * that replace nothing.
 */
#ifndef WORKER_TREE_NUMBERED_H
#define WORKER_TREE_NUMBERED_H

#include "common/base.h"
#include "worker/tree/target.h"

struct user_settings;

struct numbered {
	const char *base;	/* the path that was asked for; not owned */
	const struct user_settings *settings;	/* for deny_names */
	int number;		/* 0: that path itself */
	char path[PATH_MAX];
};

void numbered_init(struct numbered *n, const char *base,
	const struct user_settings *settings);

/* Let the target stand for the next name that is not denied, in the same
 * directory.  0, -EEXIST
 * after the last number, -ENAMETOOLONG. */
int numbered_next(struct numbered *n, struct target *at) MUST_CHECK;

/* The same, for the next name that does not exist. */
int numbered_next_free(struct numbered *n, struct target *at) MUST_CHECK;

/* Rename, but only if nothing has the new name: 0, -EEXIST, another -errno. */
int numbered_rename_if_free(const struct target *old,
	const struct target *new) MUST_CHECK;

/*
 * Rename, by the setting overwrite: when something has the new name, replace
 * it, return -EEXIST, or take the next free number, which n and `new` stand
 * for then.  0 or -errno.
 */
int numbered_rename(const struct target *old, struct target *new,
	struct numbered *n, int overwrite) MUST_CHECK;

#endif
