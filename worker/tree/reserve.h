/*
 * reserve.h - reserves disk space for an upload whose size was announced
 * (ALLO).
 */
#ifndef WORKER_TREE_RESERVE_H
#define WORKER_TREE_RESERVE_H

#include "common/base.h"

/* Is there space for this many more bytes or, with `replaces`, for a new
 * content of this size?  0, also if the file system does not report its free
 * space; -ENOSPC; or -EDQUOT, where a disk quota leaves less. */
int reserve_fits(int fd, int64_t bytes, bool replaces) MUST_CHECK;

/* Allocate this much for an empty file, whose size stays 0.  0, also if the
 * file system does not support it; -ENOSPC, -EDQUOT or -EFBIG. */
int reserve_space(int fd, int64_t bytes) MUST_CHECK;

/* Release the part of `bytes` that the file does not use. */
void reserve_release(int fd, int64_t bytes);

#endif
