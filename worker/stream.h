/*
 * stream.h - a connection's bytes, in the clear or through TLS.
 *
 * Non-blocking.  -EAGAIN sets `events` to what has to be waited for, which
 * under TLS may be POLLOUT for a read and POLLIN for a write.
 */
#ifndef WORKER_STREAM_H
#define WORKER_STREAM_H

#include "common/base.h"

struct tls;

struct stream {
	int fd;
	struct tls *tls;	/* NULL: in the clear; owned */
	short events;		/* after -EAGAIN */
	uint64_t sent;		/* in the clear: bytes given to the kernel */
	bool wait_end;		/* our end waits for the peer's close_notify */
};

struct stream stream_plain(int fd);

/* n bytes; 0 = the peer ended the stream properly (FIN, under TLS after its
 * close_notify); -EAGAIN; -EBADMSG = the TLS stream ended without
 * close_notify, or failed; another -errno. */
ssize_t stream_read(struct stream *s, void *data, size_t size) MUST_CHECK;
ssize_t stream_write(struct stream *s, const void *data, size_t len) MUST_CHECK;

/* From a file: sendfile(), or SSL_sendfile() where the kernel does the TLS.
 * -ENOSYS where that is not possible: read and write instead. */
ssize_t stream_send_file(struct stream *s, int file, off_t *offset, size_t len)
	MUST_CHECK;

/* More input has been received than was read: read before waiting. */
bool stream_pending(const struct stream *s);

/* End this side's stream: close_notify under TLS, then FIN.  0 or
 * -EAGAIN or another -errno. */
int stream_end(struct stream *s) MUST_CHECK;

/*
 * End TLS on both sides and go on without it (CCC, RFC 4217 section 5): our
 * close_notify, then the peer's.  A peer that sends none is detected by its
 * first cleartext byte.  0; -EAGAIN; -EPROTO when more data came under TLS,
 * which must not be interpreted; another -errno.
 */
int stream_end_tls(struct stream *s) MUST_CHECK;

/* After -EAGAIN: wait for `events` until the deadline (clock_ms).  0,
 * -ETIMEDOUT or another -errno. */
int stream_wait(const struct stream *s, int64_t deadline) MUST_CHECK;

/* Free the TLS part and close the descriptor. */
void stream_close(struct stream *s);

#endif
