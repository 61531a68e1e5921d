/*
 * ftps_wire.h - TLS on a socket of the test's client.  For ftps*.c only.
 */
#ifndef TESTS_FUNCTIONAL_FTPS_WIRE_H
#define TESTS_FUNCTIONAL_FTPS_WIRE_H

#include "common/base.h"
#include "tests/functional/ftps.h"

/* An SSL of t's wishes over fd, which stays the caller's.  From now on struct
 * ftp gets at its sockets through TLS, where there is any. */
SSL *ftps_wire_new(struct ftps *t, int fd);
void ftps_wire_free(SSL **ssl);

/* SSL_connect(); false with t->error. */
bool ftps_wire_handshake(struct ftps *t, SSL *ssl);

#endif
