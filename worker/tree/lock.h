/*
 * lock.h - the lock of a whole file: advisory, owned by an open file
 * description, and released with it.
 */
#ifndef WORKER_TREE_LOCK_H
#define WORKER_TREE_LOCK_H

#include "common/base.h"

/* F_RDLCK or F_WRLCK, without waiting.  0; -EAGAIN while another has one that
 * is in its way; another -errno where the file system has no locks. */
int lock_file(int fd, short type) MUST_CHECK;

/* Could it be had?  Also where the file is not open for such a lock. */
int lock_test(int fd, short type) MUST_CHECK;

#endif
