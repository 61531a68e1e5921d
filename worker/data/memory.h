/*
 * memory.h - the memory of a transfer.
 *
 * A mapping costs more than the transfer of 4 KiB, so small transfers use a few
 * pages that the session keeps; large ones map memory while they run, so that
 * idle sessions do not keep it.  Only one transfer at a time can use them.
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

/* Map this many bytes; false when out of memory, with *m not changed. */
bool memory_map(struct memory *m, size_t size) MUST_CHECK;

void memory_free(struct memory *m);

#endif
