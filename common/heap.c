/*
 * heap.c - free blocks inside the heap.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/heap.h"

#include <malloc.h>
#include <sys/resource.h>

#define LARGEST ((size_t)64 << 10)	/* below the size that glibc allocates
					 * with mmap */
#define SMALL	((size_t)1040)	/* up to this size glibc has a free list for
				 * each size, */
#define STEP	((size_t)16)	/* in these steps */
#define END_KEPT ((size_t)128 << 10)	/* for what children allocate */
#define END_LEFT (2 * STEP + sizeof(size_t))	/* what glibc needs there, and
						 * a block's head */

struct hole {
	struct hole *next;
};

static struct hole *filled;

/* Allocate blocks of this size until none is free, or one comes from the end of
 * the heap, which starts at `unused`.  The budget limits this if malloc() is
 * another allocator's. */
static void
fill(size_t size, uintptr_t unused, size_t *budget)
{
	while (*budget >= size) {
		struct hole *hole = malloc(size);

		if (hole == NULL)
			return;
		if ((uintptr_t)hole >= unused) {
			free(hole);
			return;
		}
		*budget -= size;
		hole->next = filled;
		filled = hole;
	}
}

static void
fill_large(size_t *budget)
{
	uintptr_t unused = (uintptr_t)sbrk(0) - mallinfo2().keepcost;

	for (size_t size = LARGEST; size > SMALL; size /= 2)
		fill(size, unused, budget);
}

/* A small block from the end of the heap would not go back there: free() keeps
 * it for the next malloc() of its size.  With the end allocated and no more
 * memory to be had, malloc() fails instead. */
static void
fill_small(size_t *budget)
{
	size_t end = mallinfo2().keepcost;
	struct rlimit before, none;

	if (end < 2 * SMALL || getrlimit(RLIMIT_AS, &before) < 0)
		return;
	none = before;
	none.rlim_cur = 0;
	/* Volatile, because compilers omit a block with nothing in it. */
	void *volatile last = malloc(end - END_LEFT);
	if (last != NULL && setrlimit(RLIMIT_AS, &none) == 0) {
		for (size_t size = SMALL; size > STEP; size -= STEP)
			fill(size - sizeof(size_t), UINTPTR_MAX, budget);
		if (setrlimit(RLIMIT_AS, &before) < 0)
			abort();
	}
	free(last);
}

void
heap_fill_holes(void)
{
	/* A fork copies the mapping of each page that was ever used. */
	(void)malloc_trim(END_KEPT);

	size_t budget = mallinfo2().arena;

	fill_large(&budget);
	fill_small(&budget);
}

void
heap_empty_holes(void)
{
	while (filled != NULL) {
		struct hole *hole = filled;

		filled = hole->next;
		free(hole);
	}
}
