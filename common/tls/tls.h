/*
 * tls.h - one TLS connection, server side (RFC 4217, RFC 8446, RFC 5246); the
 * client side begins in tls_client.h.
 *
 * Non-blocking.  The binding (tls_binding.h) determines which
 * sessions a data connection may resume.  A handshake without resumption needs
 * a signature, and may wait a few seconds for the keeper (tls_keeper.h).
 */
#ifndef COMMON_TLS_TLS_H
#define COMMON_TLS_TLS_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/tls/tls_binding.h"
#include "common/tls/tls_server.h"

enum tls_use {
	TLS_CONTROL,
	TLS_DATA,		/* download */
	TLS_DATA_UPLOAD,	/* reads ahead.  Send no ticket: a client that
				 * only writes never reads it, and its kernel
				 * would send a reset when closing, which loses
				 * the end of the upload */
	TLS_CLIENT,		/* tls_client.h */
};

struct tls;

/* Begin a connection on fd, which remains the caller's.  The binding is copied.
 * NULL when out of memory or without a certificate. */
struct tls *tls_new(struct tls_server *server, int fd, enum tls_use use,
	const struct tls_binding *binding);
void tls_free(struct tls *tls);

/* Continue the handshake.  1 when done; -EAGAIN, with the poll events to wait
 * for in *events; -EPROTO when it failed (see tls_error()). */
int tls_handshake(struct tls *tls, short *events) MUST_CHECK;

/*
 * As stream_read(), stream_write() and stream_send_file().  They transfer as
 * much as is possible without blocking, in records of 16 KiB.  After -EAGAIN
 * tls_write() must be called again with the same bytes and optionally more,
 * because some may be encrypted already.  tls_send_file() returns -ENOSYS
 * unless the kernel encrypts.
 */
ssize_t tls_read(struct tls *tls, void *data, size_t size, short *events);
ssize_t tls_write(struct tls *tls, const void *data, size_t len, short *events);
ssize_t tls_send_file(struct tls *tls, int file, off_t *offset, size_t len,
	short *events);
/* Does the kernel encrypt what is sent? */
bool tls_in_kernel(const struct tls *tls);
/* True if the next read will not block: read before poll(). */
bool tls_pending(const struct tls *tls);

/* Has input been read from the socket that was not returned yet: a record, or a
 * part of one? */
bool tls_holds_bytes(const struct tls *tls);

/* Send close_notify: 0, -EAGAIN or another -errno.  tls_ended(): has the peer's
 * close_notify arrived? */
int tls_end(struct tls *tls, short *events);
bool tls_ended(const struct tls *tls);

/* Call it after the handshake: accept a FIN without close_notify as an end,
 * unless it comes within a record; the peer gets no alert. */
void tls_accept_cut(struct tls *tls);

/* Has the handshake resumed a session that the binding allows?  Has a
 * ClientHello arrived that did not?  Both are false before it arrives. */
bool tls_resumed(const struct tls *tls);
bool tls_did_not_resume(const struct tls *tls);

/* Call it after a login: encrypt further tickets (TLS 1.3) with the account's
 * keys[MESSAGE_TICKET_KEYS_SIZE]. */
void tls_give_account_keys(struct tls *tls, const uint8_t *keys);

/* TLS 1.3: send a ticket.  0; -EAGAIN (call again); -ENOTSUP before the login
 * and with TLS 1.2, whose tickets can be used many times; or another -errno. */
int tls_send_ticket(struct tls *tls, short *events);

/* Serialise the session of a TLS 1.2 connection, for tls_server_resume_saved()
 * in the session process; len is 0 for TLS 1.3, and if it does not fit. */
void tls_save(const struct tls *tls, struct tls_saved *saved);

/* Describe the connection, for logs, STAT and the handover. */
void tls_describe(const struct tls *tls, struct tls_facts *facts);

/* The error text of the last call; valid until the next call. */
const char *tls_error(const struct tls *tls);

#endif
