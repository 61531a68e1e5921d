/*
 * copy_buffer.c - the buffer of a data transfer.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/copy_buffer.h"

#include <sys/mman.h>

struct copy_buffer
copy_buffer_small(void)
{
	static char pages[COPY_BUFFER_SMALL];

	return (struct copy_buffer){ .at = pages, .size = sizeof(pages) };
}

bool
copy_buffer_map(struct copy_buffer *b, size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	*b = (struct copy_buffer){ .at = at, .mapped = true, .size = size };
	return true;
}

void
copy_buffer_free(struct copy_buffer *b)
{
	if (b->mapped)
		munmap(b->at, b->size);
	*b = (struct copy_buffer){ .at = NULL };
}
