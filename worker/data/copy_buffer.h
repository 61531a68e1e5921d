/*
 * copy_buffer.h - the buffer of a data transfer.
 *
 * A mapping costs more than the transfer of 4 KiB, so small transfers use a few
 * pages that the session keeps; large ones map memory while they run, so that
 * idle sessions do not keep it.  Only one transfer at a time can use them.
 */
#ifndef WORKER_DATA_COPY_BUFFER_H
#define WORKER_DATA_COPY_BUFFER_H

#include "common/base.h"

#define COPY_BUFFER_SMALL ((size_t)16 << 10)

struct copy_buffer {
	char *at;		/* NULL: none yet */
	bool mapped;
	size_t size;
};

/* COPY_BUFFER_SMALL bytes. */
struct copy_buffer copy_buffer_small(void);

/* Map this many bytes; false when out of memory, with *b not changed. */
bool copy_buffer_map(struct copy_buffer *b, size_t size) MUST_CHECK;

void copy_buffer_free(struct copy_buffer *b);

#endif
