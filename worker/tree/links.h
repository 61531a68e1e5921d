/*
 * links.h - which symbolic links are followed: the setting symlinks.
 */
#ifndef WORKER_TREE_LINKS_H
#define WORKER_TREE_LINKS_H

#include "common/base.h"

/* Open a name without following any symbolic link in it, component by
 * component, for kernels without openat2().  The descriptor, -ELOOP for a
 * link, or another -errno. */
int links_open_without(int dir, const char *name, int flags, mode_t mode)
	MUST_CHECK;

/* Is the open directory, or AT_FDCWD, below this one, or the same?  Checked by
 * walking up, so independent of names and bind mounts. */
bool links_is_inside(int dir, const char *top);

#endif
