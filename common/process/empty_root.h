/*
 * empty_root.h - the root directory of processes that need no files.
 */
#ifndef COMMON_PROCESS_EMPTY_ROOT_H
#define COMMON_PROCESS_EMPTY_ROOT_H

#include "common/base.h"

/* Once, in the master, as root.  0 or -errno, logged. */
int empty_root_make(void) MUST_CHECK;

/* Its descriptor, kept open by the master and by monitors for the processes
 * they fork; -1 before empty_root_make(). */
int empty_root_fd(void);

#endif
