/*
 * protect.h - TLS from the session's side: when it begins, what it must be,
 * how it ends (RFC 4217).
 */
#ifndef WORKER_PROTECT_H
#define WORKER_PROTECT_H

#include "common/base.h"
#include "common/buffer.h"
#include "worker/session.h"

/* The age at which tickets are renewed, well before clients drop them after a
 * week (RFC 8446 4.6.1). */
#define PROTECT_TICKET_SECONDS (3 * 86400)

/* Can this connection use TLS at all: a certificate is set up and the listener
 * does not say off. */
bool protect_possible(const struct session *s);

/* Is the control connection under TLS? */
bool protect_is_on(const struct session *s);

/* A connection's TLS in words: "TLSv1.3, TLS_AES_128_GCM_SHA256, resumed". */
void protect_describe(struct buffer *b, const struct tls_facts *facts);

/* The handshake on the control connection, in the greeter.  False when it
 * failed: the session is over. */
bool protect_control(struct session *s);

/* End TLS on the control connection and go on in the clear, in the greeter.
 * False when the client has gone or does not do its part in time: the session
 * is over. */
bool protect_clear_control(struct session *s);

/* CCC: the next reply will be the last under TLS.  False when the relay has
 * gone: the session is over. */
bool protect_clear_after_reply(struct session *s);

/* REIN after login: say 220, end TLS where it is on, and have the client's
 * socket in *fd.  False when that did not come about: the session is over. */
bool protect_give_up(struct session *s, int *fd);

/* Before the reply to PASV and its kin: make sure that the client has a
 * ticket left for the data connection to come. */
void protect_fresh_ticket(struct session *s);

#endif
