/*
 * stream.h - a connection, with or without TLS and, in MODE Z, compression.
 *
 * Non-blocking but for stream_read_soon().  -EAGAIN sets `events` to the events
 * to wait for, which with TLS may be POLLOUT for a read and POLLIN for a write.
 */
#ifndef WORKER_STREAM_H
#define WORKER_STREAM_H

#include "common/base.h"
#include "worker/rate.h"

struct deflate;
struct tls;

struct stream {
	int fd;
	struct tls *tls;	/* NULL: no TLS; owned */
	struct deflate *compress, *decompress;	/* MODE Z: one of them; owned */
	bool moved;		/* compressed data was sent since this was
				 * cleared */
	bool gathers;		/* stream_gather() was called */
	bool waits;		/* stream_read_soon() does */
	short events;		/* after -EAGAIN */
	size_t piece;		/* for transfers of files (transfer_buffer): how
				 * much to read or write at once; 0: they
				 * choose */
	uint64_t sent;		/* without TLS: bytes given to the kernel */
	bool wait_end;		/* our close_notify was sent; waiting for the
				 * peer's */

	/* Limits; NULL: none.  A call that must wait for a limit returns
	 * -EAGAIN with no events, and sets `due` to the clock_ms() at which to
	 * repeat it; otherwise `due` is 0. */
	struct rates *rates;
	struct rate *reading, *writing;	/* of these */
	int64_t due;
	size_t begun;		/* bytes of the last TLS write that must be
				 * passed again */
};

struct stream stream_plain(int fd);

/* Number of bytes; 0: the peer ended the stream (FIN, with TLS after
 * close_notify); -EAGAIN; -EBADMSG: the TLS stream ended without close_notify,
 * or failed; in MODE Z -EILSEQ: not a complete zlib stream, and -EINTR: input
 * without data, call again; or another -errno. */
ssize_t stream_read(struct stream *s, void *data, size_t size) MUST_CHECK;
ssize_t stream_write(struct stream *s, const void *data, size_t len) MUST_CHECK;

/* Make stream_read_soon() wait for up to `ms`; for a socket without TLS.  0 or
 * -errno. */
int stream_wait_in_reads(struct stream *s, int ms) MUST_CHECK;

/* The same as stream_read(), but after stream_wait_in_reads() it waits for
 * input: cheaper than stream_wait() if the peer sends soon.  May return
 * -EINTR. */
ssize_t stream_read_soon(struct stream *s, void *data, size_t size) MUST_CHECK;

/* MODE Z, after the last write: send the rest of the compressed stream.  0,
 * -EAGAIN or another -errno. */
int stream_finish(struct stream *s) MUST_CHECK;

/* Send from a file: sendfile(), or SSL_sendfile() with kernel TLS.  -ENOSYS if
 * that is not possible, as in MODE Z: read and write instead. */
ssize_t stream_send_file(struct stream *s, int file, off_t *offset, size_t len)
	MUST_CHECK;

/* Send each write at once, also while an earlier one is not acknowledged. */
void stream_send_each(struct stream *s);

/* Before the first write: send full segments only, and the rest together with
 * the end.  With compression or a limit, where writes have their own times,
 * send each at once. */
void stream_gather(struct stream *s);

/* Has input been received that was not read yet?  Then read before waiting. */
bool stream_pending(const struct stream *s);

/* End this side's stream: with TLS close_notify, then FIN.  0, -EAGAIN or
 * another -errno. */
int stream_end(struct stream *s) MUST_CHECK;

/* The data is incomplete: reset the connection, because after an orderly end
 * the peer would consider it complete. */
void stream_reset(struct stream *s);

/*
 * End TLS on both sides and continue without it (CCC, RFC 4217 section 5): send
 * close_notify, then wait for the peer's.  A peer that sends none is detected
 * by its first cleartext byte.  0; -EAGAIN; -EPROTO when more data arrived with
 * TLS, which must be ignored; or another -errno.
 */
int stream_end_tls(struct stream *s) MUST_CHECK;

/* After -EAGAIN: wait for `events` until the deadline (clock_ms).  0,
 * -ETIMEDOUT or another -errno. */
int stream_wait(const struct stream *s, int64_t deadline) MUST_CHECK;

/* Free the other parts and close the descriptor. */
void stream_close(struct stream *s);

#endif
