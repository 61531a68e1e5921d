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
	const char *base;	/* the requested path; not owned */
	const struct user_settings *settings;	/* for deny_names */
	int overwrite;		/* OVERWRITE_...: what happens if the name
				 * exists */
	int number;		/* 0: the path itself */
	char path[PATH_MAX];
};

/* With the setting overwrite; `settings` may be NULL if no name is changed. */
void numbered_init(struct numbered *n, const char *base,
	const struct user_settings *settings);

/* Change the target to the next name that is not denied, in the same directory.
 * 0, -EEXIST after the last number, or -ENAMETOOLONG. */
int numbered_next(struct numbered *n, struct target *at) MUST_CHECK;

/* The same, to the next name that does not exist. */
int numbered_next_free(struct numbered *n, struct target *at) MUST_CHECK;

/* Rename, but only if the new name does not exist: 0, -EEXIST or another
 * -errno. */
int numbered_rename_if_free(const struct target *old,
	const struct target *new) MUST_CHECK;

/*
 * Rename according to n->overwrite: if the new name exists, replace it, return
 * -EEXIST, or use the next free number and change n and `new` to that.  0 or
 * -errno.
 */
int numbered_rename(const struct target *old, struct target *new,
	struct numbered *n) MUST_CHECK;

/* A name with a random number, for STOU; of a name that leaves no room for it
 * the end is cut off.  Whether it is free is checked when the file is created.
 * 0, -EISDIR for a name that ends with a slash, -EIO or -ENAMETOOLONG. */
int numbered_unique(char *path, size_t size, const char *base) MUST_CHECK;

#endif
