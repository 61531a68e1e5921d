/*
 * cached_stat.h - what the kernel knows of a file, without asking its file
 * system.
 *
 * A server of NFS, or a process that serves FUSE, may never answer.  The
 * session has used the file just now, so what the kernel knows is true, except
 * perhaps the blocks of a file on NFS: the next scan counts those.
 */
#ifndef DAEMON_QUOTA_CACHED_STAT_H
#define DAEMON_QUOTA_CACHED_STAT_H

#include "common/base.h"

#include <sys/stat.h>

/* As fstat(), for what quotas need: device, inode, type, links, size and
 * blocks.  0 or -errno. */
int cached_stat(int fd, struct stat *st) MUST_CHECK;

#endif
