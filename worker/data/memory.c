/*
 * memory.c - the memory of a transfer.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/memory.h"

#include <sys/mman.h>

struct memory
memory_small(void)
{
	static char pages[MEMORY_SMALL];

	return (struct memory){ .at = pages, .size = sizeof(pages) };
}

bool
memory_map(struct memory *m, size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	*m = (struct memory){ .at = at, .mapped = true, .size = size };
	return true;
}

void
memory_free(struct memory *m)
{
	if (m->mapped)
		munmap(m->at, m->size);
	*m = (struct memory){ .at = NULL };
}
