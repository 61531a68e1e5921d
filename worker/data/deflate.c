/*
 * deflate.c - MODE Z: one zlib stream in one direction.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/deflate.h"

#include "common/log/log.h"

#include <zlib.h>

#define WIRE_SIZE ((size_t)64 << 10)

struct deflate {
	z_stream z;
	bool writes;
	bool ended;		/* the end of the stream was produced, or
				 * read */
	size_t at, len;		/* writer: the pending part of wire */
	char wire[WIRE_SIZE];	/* the compressed side */
};

/* The buffer is not cleared, so unused pages cost nothing. */
static struct deflate *
new(bool writes)
{
	struct deflate *d = malloc(sizeof(*d));

	if (d == NULL)
		return NULL;
	memset(&d->z, 0, sizeof(d->z));
	d->writes = writes;
	d->ended = false;
	d->at = d->len = 0;
	return d;
}

struct deflate *
deflate_new_writer(int level)
{
	struct deflate *d = new(true);

	if (d != NULL && deflateInit(&d->z, level) == Z_OK)
		return d;
	free(d);
	return NULL;
}

struct deflate *
deflate_new_reader(void)
{
	struct deflate *d = new(false);

	if (d != NULL && inflateInit(&d->z) == Z_OK)
		return d;
	free(d);
	return NULL;
}

void
deflate_free(struct deflate *d)
{
	if (d == NULL)
		return;
	if (d->writes)
		(void)deflateEnd(&d->z);
	else
		(void)inflateEnd(&d->z);
	free(d);
}

const char *
deflate_waiting(const struct deflate *d, size_t *len)
{
	*len = d->len - d->at;
	return d->wire + d->at;
}

void
deflate_sent(struct deflate *d, size_t n)
{
	d->at += n;
}

static void
run(struct deflate *d, int flush)
{
	d->z.next_out = (unsigned char *)d->wire;
	d->z.avail_out = (unsigned)WIRE_SIZE;
	int r = deflate(&d->z, flush);
	if (r == Z_STREAM_ERROR)
		bug("zlib does not know its own state");
	d->ended = r == Z_STREAM_END;
	d->at = 0;
	d->len = WIRE_SIZE - d->z.avail_out;
}

size_t
deflate_add(struct deflate *d, const char *data, size_t len)
{
	unsigned part = len > WIRE_SIZE ? (unsigned)WIRE_SIZE : (unsigned)len;

	/* zlib does not change it. */
	d->z.next_in = (unsigned char *)(uintptr_t)data;
	d->z.avail_in = part;
	run(d, Z_NO_FLUSH);
	return part - d->z.avail_in;
}

bool
deflate_finish(struct deflate *d)
{
	if (d->ended)
		return false;
	d->z.avail_in = 0;
	run(d, Z_FINISH);
	return true;
}

char *
deflate_input(struct deflate *d, size_t *size)
{
	*size = WIRE_SIZE;
	return d->wire;
}

void
deflate_received(struct deflate *d, size_t n)
{
	d->z.next_in = (unsigned char *)d->wire;
	d->z.avail_in = (unsigned)n;
}

ssize_t
deflate_take(struct deflate *d, char *data, size_t size)
{
	unsigned room = size > INT_MAX ? INT_MAX : (unsigned)size;

	if (!d->ended) {
		d->z.next_out = (unsigned char *)data;
		d->z.avail_out = room;
		int r = inflate(&d->z, Z_NO_FLUSH);
		/* Z_BUF_ERROR: no input, and no pending output. */
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return r == Z_MEM_ERROR ? -ENOMEM : -EILSEQ;
		d->ended = r == Z_STREAM_END;
		if (d->z.avail_out < room || !d->ended)
			return (ssize_t)(room - d->z.avail_out);
	}
	return d->z.avail_in > 0 ? -EILSEQ : 0;
}

bool
deflate_may_end(const struct deflate *d)
{
	return d->ended || d->z.total_in == 0;
}
