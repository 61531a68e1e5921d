/*
 * tls.h - one TLS connection, server side (RFC 4217, RFC 8446, RFC 5246).
 *
 * Non-blocking.  What a data connection may resume is in its binding
 * (tls_binding.h, rule R13).  A handshake that resumes nothing needs a
 * signature, and so may wait for the keeper, a few seconds at most
 * (tls_keeper.h).
 */
#ifndef COMMON_TLS_TLS_H
#define COMMON_TLS_TLS_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/tls/tls_binding.h"
#include "common/tls/tls_server.h"

enum tls_use {
	TLS_CONTROL,
	TLS_DATA,		/* download: one ticket (TLS 1.3) */
	TLS_DATA_UPLOAD,	/* none: a client that only writes never reads
				 * it, and its kernel would answer with a reset
				 * that loses the upload's end */
};

struct tls;

/* Begin a connection on fd, which stays the caller's; NULL when out of memory
 * or without a certificate.  The binding is copied. */
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

/* Has input been read from the socket but not yet returned: a record, or the
 * beginning of one? */
bool tls_holds_bytes(const struct tls *tls);

/* Send close_notify: 0, -EAGAIN, -errno.  tls_ended(): the peer's has come. */
int tls_end(struct tls *tls, short *events);
bool tls_ended(const struct tls *tls);

/* After the handshake: a FIN without close_notify is a proper end, too, unless
 * it comes within a record; the peer gets no alert. */
void tls_accept_cut(struct tls *tls);

/* Has the handshake resumed a session that this binding allows?  Has the
 * client's hello arrived without resuming one?  Both are false before the hello
 * has arrived. */
bool tls_resumed(const struct tls *tls);
bool tls_did_not_resume(const struct tls *tls);

/* The login was granted: from now on tickets (TLS 1.3) are under these keys of
 * the account, keys[MESSAGE_TICKET_KEYS_SIZE]. */
void tls_give_account_keys(struct tls *tls, const uint8_t *keys);

/* TLS 1.3: send a ticket.  0, -EAGAIN (call again), -ENOTSUP before the login
 * and for TLS 1.2, whose tickets serve many times; another -errno. */
int tls_send_ticket(struct tls *tls, short *events);

/* The session of a TLS 1.2 connection, for tls_server_resume_saved() in the
 * session process; len 0 for TLS 1.3 and when it does not fit. */
void tls_save(const struct tls *tls, struct tls_saved *saved);

/* For logs, STAT and the hand-over. */
void tls_describe(const struct tls *tls, struct tls_facts *facts);

/* Why the last call failed, in words; valid until the next. */
const char *tls_error(const struct tls *tls);

#endif
