/*
 * ftps_wire.h - TLS on a socket of the test's client.  For ftps*.c only.
 */
#ifndef TESTS_FUNCTIONAL_FTPS_WIRE_H
#define TESTS_FUNCTIONAL_FTPS_WIRE_H

#include "common/base.h"
#include "tests/functional/ftps.h"

/* How struct ftp gets at TLS. */
extern const struct ftp_wire ftps_wire;

/* The client behind a struct ftp that has ftps_wire. */
struct ftps *ftps_wire_client(struct ftp *c);

/* An SSL of t's wishes over fd, which stays the caller's. */
SSL *ftps_wire_new(struct ftps *t, int fd);
void ftps_wire_free(SSL **ssl);

/* SSL_connect(); false with t->error. */
bool ftps_wire_handshake(struct ftps *t, SSL *ssl);

#endif
