/*
 * reserve.h - space on the disk for an upload whose size was announced (ALLO).
 */
#ifndef WORKER_TREE_RESERVE_H
#define WORKER_TREE_RESERVE_H

#include "common/base.h"

/* Has the file's file system room for this many bytes more, or, with
 * `replaces`, in place of what the file holds?  True when it does not tell. */
bool reserve_fits(int fd, int64_t bytes, bool replaces);

/* Allocate this much for an empty file, whose size stays 0.  0, also where the
 * file system cannot do that; -ENOSPC, -EDQUOT, -EFBIG. */
int reserve_space(int fd, int64_t bytes) MUST_CHECK;

/* Give back what of `bytes` the file does not hold now. */
void reserve_release(int fd, int64_t bytes);

#endif
