/*
 * more_facts.h - facts that stat() does not tell: when something was created,
 * and what a symbolic link names.
 */
#ifndef WORKER_TREE_MORE_FACTS_H
#define WORKER_TREE_MORE_FACTS_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* When what has this name was created; `st` is what was found under it before:
 * false when it is something else by now, or the file system does not tell. */
bool more_facts_created(int dir, const char *name, const struct stat *st,
	struct timespec *when);

/* The target of a symbolic link into text[PATH_MAX]: false for what is no link,
 * and for a target that cannot stand in a fact. */
bool more_facts_target(int dir, const char *name, char *text);

/* MLST: the same, for the last component of a path; *st is the link's. */
bool more_facts_target_of(struct tree *t, const char *path, struct stat *st,
	char *text);

#endif
