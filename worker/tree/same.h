/*
 * same.h - removes a name only if it still refers to an open file.
 */
#ifndef WORKER_TREE_SAME_H
#define WORKER_TREE_SAME_H

#include "common/base.h"

/* Remove the name in this directory if it still refers to the open file.  False
 * if another file had got the name just then, and was removed instead. */
bool same_remove(int dir, const char *name, int fd);

#endif
