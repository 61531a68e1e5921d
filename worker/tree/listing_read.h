/*
 * listing_read.h - the entries of a directory, one at a time, from a buffer
 * of fixed size.  For the listing_*.c rooms and hidden.c only.
 */
#ifndef WORKER_TREE_LISTING_READ_H
#define WORKER_TREE_LISTING_READ_H

#include "common/base.h"

struct listing_read {
	int fd;			/* not owned */
	char *data;		/* NULL: not open */
	size_t size;
	size_t at, len;		/* the entry to come, and the buffer's end */
};

/* What the directory has of an entry; valid until the next peek. */
struct listing_entry {
	const char *name;
	size_t len;		/* of the name */
	unsigned char type;	/* DT_*; DT_UNKNOWN on some file systems */
};

/* Get a buffer of `size` bytes.  0 or -ENOMEM. */
int listing_read_open(struct listing_read *r, size_t size) MUST_CHECK;
void listing_read_close(struct listing_read *r);

/* Begin with the first entry of the directory fd. */
int listing_read_start(struct listing_read *r, int fd) MUST_CHECK;

/* The entry at the front: 1; 0 at the end; -errno.  It stays
 * there until listing_read_next(). */
int listing_read_peek(struct listing_read *r, struct listing_entry *entry)
	MUST_CHECK;
void listing_read_next(struct listing_read *r);

#endif
