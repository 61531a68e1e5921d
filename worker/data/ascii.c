/*
 * ascii.c - TYPE A: converts between LF (host) and CR LF (network).
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/data/ascii.h"

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The number of bytes before the first `c`, or of all bytes. */
static size_t
before(const char *data, size_t len, char c)
{
	const char *at = len > 0 ? memchr(data, c, len) : NULL;

	return at != NULL ? (size_t)(at - data) : len;
}

size_t
ascii_to_network(struct ascii *a, const char *in, size_t *in_len,
	char *out, size_t out_size)
{
	size_t used = 0, made = 0;

	while (used < *in_len && made < out_size) {
		size_t run = before(in + used,
			smaller(*in_len - used, out_size - made), '\n');
		if (run > 0) {
			memcpy(out + made, in + used, run);
			used += run;
			made += run;
			a->last_was_cr = in[used - 1] == '\r';
			continue;
		}
		if (!a->last_was_cr) {
			if (out_size - made < 2)
				break;
			out[made++] = '\r';
		}
		out[made++] = '\n';
		used++;
		a->last_was_cr = false;
	}
	*in_len = used;
	return made;
}

size_t
ascii_from_network(struct ascii *a, const char *in, size_t in_len, char *out)
{
	size_t used = 0, made = 0;

	while (used < in_len) {
		if (a->last_was_cr && in[used] != '\n')
			out[made++] = '\r';
		a->last_was_cr = false;

		size_t run = before(in + used, in_len - used, '\r');
		memcpy(out + made, in + used, run);
		used += run;
		made += run;
		if (used < in_len) {
			a->last_was_cr = true;
			used++;
		}
	}
	return made;
}

size_t
ascii_from_network_end(struct ascii *a, char *out)
{
	if (!a->last_was_cr)
		return 0;
	a->last_was_cr = false;
	out[0] = '\r';
	return 1;
}
