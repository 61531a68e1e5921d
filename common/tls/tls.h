/*
 * tls.h - one TLS connection, server side (RFC 4217, RFC 8446, RFC 5246).
 *
 * Non-blocking.  Every control session has a binding, made by its monitor: its
 * number and its own random ticket keys, shared by its greeter and its session
 * process and by nobody else.  A ticket opens only under these keys and only
 * with this number in its appdata, so a data connection that resumes one
 * belongs to this very control session (rule R13).
 */
#ifndef COMMON_TLS_TLS_H
#define COMMON_TLS_TLS_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/tls/tls_server.h"

enum tls_use {
	TLS_CONTROL,
	TLS_DATA,
	TLS_DATA_UPLOAD,	/* sends no ticket: a client that only writes
				 * never reads it, and its kernel would answer
				 * with a reset that loses the upload's end */
};

struct tls;

/* Begin a connection on fd, which stays the caller's; NULL when out of memory
 * or without certificate.  The binding is copied. */
struct tls *tls_new(struct tls_server *server, int fd, enum tls_use use,
	const struct tls_binding *binding);
void tls_free(struct tls *tls);

/* 1 = done, -EAGAIN (*events says what to wait for), -EPROTO = failed, with
 * tls_error(). */
int tls_handshake(struct tls *tls, short *events) MUST_CHECK;

/*
 * As stream_read() and friends.  Both fill or empty as much of the buffer as
 * goes without waiting, in records of 16 KiB.  After -EAGAIN tls_write() must
 * be called again with the same bytes, perhaps more, never fewer: some may be
 * encrypted already.  tls_send_file() is -ENOSYS unless the kernel encrypts.
 */
ssize_t tls_read(struct tls *tls, void *data, size_t size, short *events);
ssize_t tls_write(struct tls *tls, const void *data, size_t len, short *events);
ssize_t tls_send_file(struct tls *tls, int file, off_t *offset, size_t len,
	short *events);
/* The next read will not have to wait: read before poll(). */
bool tls_pending(const struct tls *tls);

/* Has a part of what the peer sent been taken from the socket, and not given
 * out: a record, or the begin of one? */
bool tls_holds_bytes(const struct tls *tls);

/* Send close_notify: 0, -EAGAIN, -errno.  tls_ended(): the peer's has come. */
int tls_end(struct tls *tls, short *events);
bool tls_ended(const struct tls *tls);

/* Of a read that gave -EBADMSG: the peer's bytes ended (FIN) without
 * close_notify; otherwise they were no TLS. */
bool tls_cut(const struct tls *tls);

/* Did the handshake resume a ticket of this binding? */
bool tls_resumed(const struct tls *tls);

/* TLS 1.3: send one more ticket.  0, -EAGAIN (call again), -ENOTSUP for 1.2,
 * whose tickets serve many times; another -errno. */
int tls_send_ticket(struct tls *tls, short *events);

/* The session of a TLS 1.2 connection, for tls_server_resume_saved() in the
 * session process; len 0 for TLS 1.3 and when it does not fit. */
void tls_save(const struct tls *tls, struct tls_saved *saved);

/* For logs, STAT and the hand-over. */
void tls_describe(const struct tls *tls, struct tls_facts *facts);

/* Why the last call failed, in words; valid until the next. */
const char *tls_error(const struct tls *tls);

#endif
