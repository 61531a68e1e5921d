/*
 * ascii.h - TYPE A: the host's LF lines and the network's CR LF lines
 * (RFC 959 3.1.1.1).  Incremental: a line end may be cut by a buffer's end.
 */
#ifndef WORKER_DATA_ASCII_H
#define WORKER_DATA_ASCII_H

#include "common/base.h"

struct ascii {
	bool last_was_cr;	/* sending: the host byte before was CR;
				 * receiving: a CR is held back */
};

/*
 * Sending: each LF that has no CR before it becomes CR LF; a CR LF of the
 * file stays as it is.  Consumes from in[*in_len] as much as out[out_size] can
 * take; sets *in_len to what was consumed and returns what was produced.
 * out_size must be at least 2.
 */
size_t ascii_to_network(struct ascii *a, const char *in, size_t *in_len,
	char *out, size_t out_size);

/* Receiving: CR LF becomes LF; a CR before anything else stays.  out must hold
 * in_len + 1 bytes; returns what was produced. */
size_t ascii_from_network(struct ascii *a, const char *in, size_t in_len,
	char *out);

/* Receiving, at the end of the stream: a held CR comes out.  0 or 1 bytes. */
size_t ascii_from_network_end(struct ascii *a, char *out);

#endif
