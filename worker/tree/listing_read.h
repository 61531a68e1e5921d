/*
 * listing_read.h - reads the entries of a directory, one at a time, with a
 * buffer of fixed size.  For listing_*.c and hidden.c only.
 */
#ifndef WORKER_TREE_LISTING_READ_H
#define WORKER_TREE_LISTING_READ_H

#include "common/base.h"

struct listing_read {
	int fd;			/* not owned */
	char *data;		/* NULL: not open */
	size_t size;
	size_t at, len;		/* the next entry, and the end of the buffer */
};

/* The data of an entry in the directory; valid until the next peek. */
struct listing_entry {
	const char *name;
	size_t len;		/* of the name */
	unsigned char type;	/* DT_*; DT_UNKNOWN on some file systems */
};

/* Allocate a buffer of `size` bytes.  0 or -ENOMEM. */
int listing_read_open(struct listing_read *r, size_t size) MUST_CHECK;
void listing_read_close(struct listing_read *r);

/* Start with the first entry of the directory fd. */
int listing_read_start(struct listing_read *r, int fd) MUST_CHECK;

/* The current entry: 1; 0 at the end; or -errno.  It stays current until
 * listing_read_next(). */
int listing_read_peek(struct listing_read *r, struct listing_entry *entry)
	MUST_CHECK;
void listing_read_next(struct listing_read *r);

#endif
