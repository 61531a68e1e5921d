/*
 * files.h - opening the files of transfers: open first, then judge what was
 * opened (rule R7).
 */
#ifndef WORKER_TREE_FILES_H
#define WORKER_TREE_FILES_H

#include "common/base.h"

#include <sys/stat.h>

/* A plain file for reading.  The descriptor, or -errno (-EISDIR, -EINVAL for
 * what is no plain file, -EACCES for what /proc tells about processes). */
int files_open_read(const char *path, struct stat *st) MUST_CHECK;

/* A plain file for writing, neither made nor truncated. */
int files_open_existing(const char *path, struct stat *st) MUST_CHECK;

/* A plain file for writing that is made if there is none; with `unique`
 * -EEXIST when there is one. */
int files_create(const char *path, bool unique) MUST_CHECK;

/* Remove the path if it still is the file behind fd. */
void files_remove_if_same(const char *path, int fd);

#endif
