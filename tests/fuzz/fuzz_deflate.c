/*
 * fuzz_deflate.c - MODE Z: decompress any bytes as a client's upload, and
 * compress them as a download.  The first byte determines the size of the
 * pieces.
 */
#include "common/base.h"

#include "tests/fuzz/fuzz.h"
#include "worker/data/deflate.h"

#define LONGEST 4096
#define ROUNDS	20000	/* then the input counts as a compression bomb */

const char *
fuzz_prepare(void)
{
	return NULL;
}

/* How much is unpacked of data[size]: into out[most] in pieces, or -EILSEQ;
 * *ended says whether the client may end there. */
static ssize_t
unpack(const char *data, size_t size, size_t piece, char *out, size_t most,
	bool *ended)
{
	struct deflate *d = deflate_new_reader();
	char *one = malloc(piece);	/* exact, for the sanitizer */
	size_t made = 0;
	ssize_t n = 0;

	fuzz_must(d != NULL && one != NULL, "memory");
	for (int i = 0; i < ROUNDS; i++) {
		size_t room, part;

		n = deflate_take(d, one, piece);
		if (n < 0)
			break;
		if ((size_t)n > piece)
			fuzz_fail("more than there is room for");
		for (ssize_t j = 0; j < n && made < most; j++)
			out[made++] = one[j];
		if (n > 0)
			continue;
		if (size == 0)
			break;
		char *wire = deflate_input(d, &room);
		part = size < piece ? size : piece;
		part = part < room ? part : room;
		memcpy(wire, data, part);
		deflate_received(d, part);
		data += part;
		size -= part;
	}
	*ended = deflate_may_end(d);
	deflate_free(d);
	free(one);
	return n < 0 ? n : (ssize_t)made;
}

/* Compress data[size] in pieces into out[most]; its length. */
static size_t
pack(const char *data, size_t size, size_t piece, int level, char *out,
	size_t most)
{
	struct deflate *d = deflate_new_writer(level);
	size_t made = 0;
	bool more = true;

	fuzz_must(d != NULL, "memory");
	while (more) {
		if (size > 0) {
			size_t used = deflate_add(d, data,
				size < piece ? size : piece);
			if (used == 0 || used > size)
				fuzz_fail("used %zu bytes of %zu", used, size);
			data += used;
			size -= used;
		} else {
			more = deflate_finish(d);
		}
		size_t len;
		const char *wire = deflate_waiting(d, &len);
		if (len > most - made)
			fuzz_fail("%zu bytes more than expected", len);
		memcpy(out + made, wire, len);
		made += len;
		deflate_sent(d, len);
	}
	deflate_free(d);
	return made;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char packed[2 * LONGEST], out[LONGEST + 1];
	const char *text = (const char *)data + 1;
	bool ended;

	if (size < 1 || size > LONGEST)
		return 0;
	size_t piece = data[0] % 64 + 1;
	int level = data[0] / 64 * 3;
	size_t len = size - 1;

	ssize_t n = unpack(text, len, piece, out, sizeof(out), &ended);
	/* However it is cut into pieces, it is the same stream. */
	if (unpack(text, len, 4000, out, sizeof(out), &ended) < 0 && n >= 0 &&
		n < LONGEST)
		fuzz_fail("corrupt in one piece only");

	size_t packed_len = pack(text, len, piece, level, packed,
		sizeof(packed));
	n = unpack(packed, packed_len, piece, out, sizeof(out), &ended);
	if (n != (ssize_t)len || memcmp(out, text, len) != 0 || !ended)
		fuzz_fail("another after packing: %zd bytes of %zu", n, len);
	return 0;
}
