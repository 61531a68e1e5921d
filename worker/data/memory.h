/*
 * memory.h - the memory of a transfer.
 *
 * A mapping costs more than moving 4 KiB does, so what is small shares a few
 * pages that the session keeps; large transfers map memory for as long as they
 * run, so that a session that moved a large file once does not keep it.
 * Used by one transfer at a time.
 */
#ifndef WORKER_DATA_MEMORY_H
#define WORKER_DATA_MEMORY_H

#include "common/base.h"

#define MEMORY_SMALL ((size_t)16 << 10)

struct memory {
	char *at;		/* NULL: none yet */
	bool mapped;
	size_t size;
};

/* MEMORY_SMALL bytes. */
struct memory memory_small(void);

/* Map so many; false when there is no memory, and *m stays as it was. */
bool memory_map(struct memory *m, size_t size) MUST_CHECK;

void memory_free(struct memory *m);

#endif
