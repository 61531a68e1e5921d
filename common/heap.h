/*
 * heap.h - keeps memory small that is copied by a fork.
 *
 * The start of the program leaves free blocks all over the heap.  A child would
 * allocate from them, and each allocation would copy another page. With these
 * blocks allocated before the fork, the child's allocations are adjacent and
 * use few pages.
 */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include "common/base.h"

/* Return unused pages to the kernel, and allocate all free blocks below the end
 * of the heap. */
void heap_fill_holes(void);

/* Free them again. */
void heap_empty_holes(void);

#endif
