/*
 * ascii.h - TYPE A: converts between LF (host) and CR LF (network), RFC 959
 * 3.1.1.1.  Incremental: a line end may be split between two buffers.
 */
#ifndef WORKER_DATA_ASCII_H
#define WORKER_DATA_ASCII_H

#include "common/base.h"

struct ascii {
	bool last_was_cr;	/* sending: the host byte before was CR;
				 * receiving: a CR is held back */
};

/*
 * Sending: each LF without a CR before it becomes CR LF; CR LF is not changed.
 * Consumes as much of in[*in_len] as fits into out[out_size]; sets *in_len to
 * the bytes consumed and returns the bytes produced.  out_size must be at least
 * 2.
 */
size_t ascii_to_network(struct ascii *a, const char *in, size_t *in_len,
	char *out, size_t out_size);

/* Receiving: CR LF becomes LF; other CRs are kept.  out must have space for
 * in_len + 1 bytes; returns the bytes produced. */
size_t ascii_from_network(struct ascii *a, const char *in, size_t in_len,
	char *out);

/* Receiving, at the end of the stream: returns a CR that was held back. 0 or 1
 * bytes. */
size_t ascii_from_network_end(struct ascii *a, char *out);

#endif
