/*
 * listing_read.c - reads the entries of a directory.
 *
 * Runs in: session.
 *
 * Uses getdents64() instead of readdir(), with a buffer of 64 KiB instead of 32
 * that is reused from one directory to the next.
 */
#include "common/base.h"
#include "worker/tree/listing_read.h"

#include <dirent.h>

int
listing_read_open(struct listing_read *r, size_t size)
{
	*r = (struct listing_read){ .fd = -1, .data = malloc(size) };
	if (r->data == NULL)
		return -ENOMEM;
	r->size = size;
	return 0;
}

void
listing_read_close(struct listing_read *r)
{
	free(r->data);
	r->data = NULL;
}

int
listing_read_start(struct listing_read *r, int fd)
{
	r->fd = fd;
	r->at = r->len = 0;
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

/* The kernel aligns entries to 8 bytes, malloc the buffer to 16. */
static const struct dirent64 *
front(const struct listing_read *r)
{
	const void *at = r->data + r->at;

	return at;
}

int
listing_read_peek(struct listing_read *r, struct listing_entry *entry)
{
	if (r->at == r->len) {
		ssize_t n = getdents64(r->fd, r->data, r->size);
		/* The directory was removed meanwhile: it has no entries. */
		if (n <= 0)
			return n == 0 || errno == ENOENT ? 0 : -errno;
		r->at = 0;
		r->len = (size_t)n;
	}
	entry->name = front(r)->d_name;
	entry->len = strlen(entry->name);
	entry->type = front(r)->d_type;
	return 1;
}

void
listing_read_next(struct listing_read *r)
{
	r->at += front(r)->d_reclen;
}
