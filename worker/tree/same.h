/*
 * same.h - removes a name only if it still refers to an open file.
 */
#ifndef WORKER_TREE_SAME_H
#define WORKER_TREE_SAME_H

#include "common/base.h"

struct stat;

enum same {
	SAME_REMOVED,		/* this name of the file */
	SAME_KEPT,		/* nothing: it refers to another file */
	SAME_OTHER,		/* another file that had got the name just
				 * then */
};

/* Does the name refer to the file with this stat()? */
bool same_is(int dir, const char *name, const struct stat *file);

/* Remove the name in this directory if it still refers to the open file. */
enum same same_remove(int dir, const char *name, int fd);

#endif
