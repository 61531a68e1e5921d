/*
 * heap.c - fills the holes of the heap.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/heap.h"

#include <malloc.h>
#include <sys/queue.h>

#define LARGEST ((size_t)64 << 10)	/* below the size that glibc allocates
					 * with mmap */
#define SMALL	((size_t)1040)	/* up to this size glibc has a free list for
				 * each size, */
#define STEP	((size_t)16)	/* in these steps */

struct hole {
	STAILQ_ENTRY(hole) next;
};

static STAILQ_HEAD(, hole) filled = STAILQ_HEAD_INITIALIZER(filled);

/*
 * Allocate blocks of this size until one comes from the part of the heap that
 * was never used.  A small one is kept even then, because the next malloc()
 * would return it again.  The budget limits this if malloc() is another
 * allocator's.
 */
static void
fill(size_t size, size_t *budget)
{
	uintptr_t unused = (uintptr_t)sbrk(0) - mallinfo2().keepcost;
	bool found = true;

	while (found && *budget >= size) {
		struct hole *hole = malloc(size);

		if (hole == NULL)
			return;
		*budget -= size;
		found = (uintptr_t)hole < unused;
		if (found || size <= SMALL) {
			STAILQ_INSERT_TAIL(&filled, hole, next);
		} else {
			free(hole);
		}
	}
}

void
heap_fill_holes(void)
{
	size_t budget = mallinfo2().arena;

	for (size_t size = LARGEST; size > SMALL; size /= 2)
		fill(size, &budget);
	for (size_t size = SMALL; size > STEP; size -= STEP)
		fill(size - sizeof(size_t), &budget);
}

/* In the same order: glibc keeps the first few of each size in a list of their
 * own.  The last came from the part that was never used, and must go back
 * there, or each filling would make the heap longer. */
void
heap_empty_holes(void)
{
	struct hole *hole;

	while ((hole = STAILQ_FIRST(&filled)) != NULL) {
		STAILQ_REMOVE_HEAD(&filled, next);
		free(hole);
	}
}
