/*
 * shared_memory.h - memory that the master shares with processes that it
 * forks, and with the program that replaces it (daemon/upgrade/upgrade.h).
 */
#ifndef COMMON_PROCESS_SHARED_MEMORY_H
#define COMMON_PROCESS_SHARED_MEMORY_H

#include "common/base.h"

/* A file in memory of this size, full of zeros, that no descriptor can make
 * shorter: what is mapped stays there.  Or -errno. */
int shared_memory_file(const char *name, size_t size) MUST_CHECK;

/* Map a file in memory of this size: *fd, or a new one full of zeros if that is
 * -1.  NULL with errno set. */
void *shared_memory_map(int *fd, const char *name, size_t size) MUST_CHECK;

#endif
