/*
 * more_facts.h - facts that stat() does not provide: the creation time, and the
 * target of a symbolic link.
 */
#ifndef WORKER_TREE_MORE_FACTS_H
#define WORKER_TREE_MORE_FACTS_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* The creation time of this entry, whose earlier stat() is `st`.  False if the
 * name is another file by now, or if the file system does not record it. */
bool more_facts_created(int dir, const char *name, const struct stat *st,
	struct timespec *when);

/* The target of a symbolic link into text[PATH_MAX].  False if it is not a
 * link, or if a fact cannot contain the target. */
bool more_facts_target(int dir, const char *name, char *text);

/* MLST: the same two, for the last component of a path.  *st of a target is the
 * link's. */
bool more_facts_created_of(struct tree *t, const char *path,
	const struct stat *st, struct timespec *when);
bool more_facts_target_of(struct tree *t, const char *path, struct stat *st,
	char *text);

#endif
