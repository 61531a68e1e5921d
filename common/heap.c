/*
 * heap.c - a heap without holes.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/heap.h"

#include <malloc.h>

#define LARGEST ((size_t)64 << 10)	/* less than glibc maps apart */
#define SMALL	((size_t)1040)	/* up to it glibc keeps lists of one size, */
#define STEP	((size_t)16)	/* which are so far apart */

struct hole {
	struct hole *next;
};

static struct hole *filled;

/*
 * Until one of this size comes from the part that was never used.  A small one
 * is kept even then: freed, it would be the first that somebody gets.  No more
 * than the budget, should another allocator have taken malloc()'s place.
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
			hole->next = filled;
			filled = hole;
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

void
heap_empty_holes(void)
{
	while (filled != NULL) {
		struct hole *hole = filled;

		filled = hole->next;
		free(hole);
	}
}
