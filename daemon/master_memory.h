/*
 * master_memory.h - memory that the master has alone.
 *
 * A child does not inherit it.  So what the master knows of other clients is
 * not in the memory of processes that serve one, and what it changes between
 * forks is not copied, page by page, for each of them.  A child that reads it
 * finds zeros.
 */
#ifndef DAEMON_MASTER_MEMORY_H
#define DAEMON_MASTER_MEMORY_H

#include "common/base.h"

/* Zeroed; NULL when out of memory. */
void *master_memory_new(size_t size) MUST_CHECK;

/* A copy of the text; NULL when out of memory. */
char *master_memory_text(const char *text) MUST_CHECK;

/* Keeps up to 4 KiB for the next of the same size; more goes back to the
 * kernel.  NULL is fine. */
void master_memory_free(void *memory);

#endif
