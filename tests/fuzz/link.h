/*
 * link.h - a connection of the simulated client: a non-blocking socket, with
 * TLS once the client has started it.
 */
#ifndef TESTS_FUZZ_LINK_H
#define TESTS_FUZZ_LINK_H

#include "common/base.h"

struct link {
	int fd;			/* -1: closed */
	struct ssl_st *ssl;	/* NULL: in the clear */
	uint64_t moved;		/* bytes that went over the wire for it */
};

struct link link_on(int fd);
bool link_is_open(const struct link *l);

/* Begin TLS; the handshake goes on with every read and write. */
void link_secure(struct link *l);

/* Bytes; -EAGAIN; 0 at the peer's end, under TLS its close_notify; another
 * -errno. */
ssize_t link_read(struct link *l, void *data, size_t size);
ssize_t link_write(struct link *l, const void *data, size_t len);

/* After -EAGAIN: did bytes of the handshake come or go?  Said once. */
bool link_has_moved(struct link *l);

/* End this side: close_notify under TLS, and FIN. */
void link_end(struct link *l);

/* Close it, with FIN or with a reset.  Nothing if it is not open. */
void link_close(struct link *l);
void link_reset(struct link *l);

#endif
