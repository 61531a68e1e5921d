/*
 * tls_socket.h - a control connection whose TLS is the kernel's alone: what is
 * left of one that OpenSSL could hand on (tls.h).
 *
 * Data is written to the socket as ever, and goes out as records.  What TLS
 * itself has to say has another type of record, which read(2) cannot tell and
 * only these calls see.  Non-blocking.
 */
#ifndef COMMON_TLS_TLS_SOCKET_H
#define COMMON_TLS_TLS_SOCKET_H

#include "common/base.h"

/*
 * As stream_read().  Nothing but what came in records of data is ever given
 * out.  0 = the peer's close_notify.  After an error (-EBADMSG: the stream was
 * cut, broken, or is to be renegotiated) TLS has ended: the peer was told why,
 * as far as there was anything to tell.
 */
ssize_t tls_socket_read(int fd, void *data, size_t size) MUST_CHECK;

/* Send close_notify: 0, -EAGAIN, or another -errno. */
int tls_socket_end(int fd) MUST_CHECK;

/*
 * A piece of a record makes the socket readable for poll(2), though there is
 * nothing to read yet: who found nothing waits here a moment, for more of it.
 */
void tls_socket_pause(int fd);

#endif
