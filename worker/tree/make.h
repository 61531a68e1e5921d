/*
 * make.h - SITE MKDIR and SITE SYMLINK: a directory with those above it, and
 * symbolic links.
 */
#ifndef WORKER_TREE_MAKE_H
#define WORKER_TREE_MAKE_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* At most this many directories at once. */
#define MAKE_DIRECTORIES_MAX 64

/* The directory and what is missing above it, each as MKD makes it; one that
 * exists is left as it is.  What was made before an error stays. */
int make_directories(struct tree *t, const char *path) MUST_CHECK;

/* A link to `target`, which is stored as it is and need not exist. */
int make_link(struct tree *t, const char *target, const char *path) MUST_CHECK;

#endif
