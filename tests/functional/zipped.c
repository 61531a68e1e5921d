/*
 * zipped.c - MODE Z from the client's side.
 */
#include "common/base.h"
#include "tests/functional/zipped.h"

#include "tests/functional/functional.h"

#include <zlib.h>

char *
zipped_make(const char *data, size_t len, size_t *zipped)
{
	uLongf size = compressBound(len);
	char *out = malloc(size);

	CHECK_NUMBER(compress2((Bytef *)out, &size, (const Bytef *)data, len,
		9), Z_OK);
	*zipped = size;
	return out;
}

char *
zipped_read(char *zipped, size_t zipped_len, size_t *len)
{
	z_stream z = { .next_in = (Bytef *)zipped,
		.avail_in = (uInt)zipped_len };
	size_t size = (size_t)64 << 20;
	char *out = zipped == NULL ? NULL : malloc(size + 1);

	if (out == NULL || inflateInit(&z) != Z_OK)
		return NULL;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)size;
	int r = inflate(&z, Z_FINISH);
	*len = z.total_out;
	CHECK_SAYS(r == Z_STREAM_END && z.avail_in == 0,
		"no zlib stream: %d, %u bytes left", r, z.avail_in);
	inflateEnd(&z);
	out[*len] = '\0';
	return out;
}

int
zipped_put(struct ftp *c, const char *data, size_t len, const char *line)
{
	size_t zipped_len;
	char *zipped = zipped_make(data, len, &zipped_len);
	int code = ftp_put(c, zipped, zipped_len, "%s", line);

	free(zipped);
	return code;
}

static char *
get(struct ftp *c, size_t *len, const char *line)
{
	size_t zipped_len = 0;
	char *zipped = ftp_get(c, &zipped_len, "%s", line);
	char *data = zipped_read(zipped, zipped_len, len);

	EXPECT_WAS(c, 226);
	free(zipped);
	return data;
}

void
zipped_check_get(struct ftp *c, const char *line, const char *data, size_t len)
{
	size_t got = 0;
	char *copy = get(c, &got, line);

	CHECK_SAYS(copy != NULL && got == len &&
		memcmp(copy, data, len) == 0, "%s: %zu bytes of %zu, %s", line,
		got, len, c->text);
	free(copy);
}
