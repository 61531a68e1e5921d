/*
 * shared.h - memory that the master shares with processes that it forks, and
 * with the program that replaces it (daemon/upgrade.h).
 */
#ifndef COMMON_PROCESS_SHARED_H
#define COMMON_PROCESS_SHARED_H

#include "common/base.h"

/* Map a file in memory of this size: *fd, or a new one full of zeros if that is
 * -1.  NULL with errno set. */
void *shared_map(int *fd, const char *name, size_t size) MUST_CHECK;

#endif
