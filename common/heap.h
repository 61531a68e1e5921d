/*
 * heap.h - a heap without holes, for a process that is to be forked.
 *
 * What a child allocates would go into the holes that the start of the program
 * has left all over the heap, and for each the child would get a page of its
 * own.  With the holes filled its allocations lie together, in few pages.
 */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include "common/base.h"

/* Allocate all free blocks below the end of the heap. */
void heap_fill_holes(void);

/* Free that again, for the next allocations. */
void heap_empty_holes(void);

#endif
