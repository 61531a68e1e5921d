/*
 * memory.h - for suites about secrets: look for bytes in this process's whole
 * memory, without having them in it.
 */
#ifndef TESTS_UNIT_MEMORY_H
#define TESTS_UNIT_MEMORY_H

#include "common/base.h"

#define MEMORY_PIECE  16
#define MEMORY_PIECES 400

/* Pieces to look for, every byte inverted.  In shared memory a child can fill
 * it in whose own memory goes with it. */
struct memory_pieces {
	size_t count;
	uint8_t pieces[MEMORY_PIECES][MEMORY_PIECE];
};

/* Shared with children; never freed. */
struct memory_pieces *memory_pieces_new(void);

/* Look for this secret: its beginning, middle and end, also byte by byte from
 * the back, as numbers are kept. */
void memory_add(struct memory_pieces *p, const void *secret, size_t len);

/* How many places in this process's memory hold a piece. */
size_t memory_count(const struct memory_pieces *p);

#endif
