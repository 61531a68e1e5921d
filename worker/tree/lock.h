/*
 * lock.h - advisory locks on whole files, owned by the open file description
 * and released with it.
 */
#ifndef WORKER_TREE_LOCK_H
#define WORKER_TREE_LOCK_H

#include "common/base.h"

/* Lock with F_RDLCK or F_WRLCK, without waiting.  0; -EAGAIN when a conflicting
 * lock is held; another -errno if the file system does not support locks. */
int lock_file(int fd, short type) MUST_CHECK;

/* Test whether lock_file() would succeed; also if the file is not open in the
 * mode that the lock needs. */
int lock_test(int fd, short type) MUST_CHECK;

#endif
