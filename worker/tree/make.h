/*
 * make.h - SITE MKDIR and SITE SYMLINK: creates directories with missing
 * parents, and symbolic links.
 */
#ifndef WORKER_TREE_MAKE_H
#define WORKER_TREE_MAKE_H

#include "common/base.h"
#include "worker/tree/tree.h"

/* Maximum number of directories in the path; more are -REASON_DEPTH. */
#define MAKE_DIRECTORIES_MAX 64

/* Create the directory and missing parents, each like MKD; existing ones are
 * not changed.  Directories created before an error are kept. */
int make_directories(struct tree *t, const char *path) MUST_CHECK;

/* Create a symbolic link to `target`, which is stored unchanged and need not
 * exist. */
int make_link(struct tree *t, const char *target, const char *path) MUST_CHECK;

#endif
