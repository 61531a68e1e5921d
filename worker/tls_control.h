/*
 * tls_control.h - TLS on the control connection: its start, requirements and
 * end (RFC 4217).
 */
#ifndef WORKER_TLS_CONTROL_H
#define WORKER_TLS_CONTROL_H

#include "common/base.h"
#include "common/buffer.h"
#include "worker/session.h"

/* The age at which tickets are renewed, well before clients drop them after a
 * week (RFC 8446 4.6.1). */
#define TLS_RENEWAL_SECONDS (3 * 86400)

/* Can this connection use TLS at all: is there a certificate, and is tls
 * of the listener not off? */
bool tls_control_possible(const struct session *s);

/* Is the control connection under TLS? */
bool tls_control_is_on(const struct session *s);

/* A connection's TLS: "TLSv1.3, TLS_AES_128_GCM_SHA256, resumed". */
void tls_control_describe(struct buffer *b, const struct tls_facts *facts);

/* The handshake on the control connection, in the greeter.  False when it
 * failed: the session is over. */
bool tls_control_handshake(struct session *s);

/* CCC: the next reply will be the last under TLS.  False when the relay has
 * ended: the session is over. */
bool tls_control_end_after_reply(struct session *s);

/* Before the reply to PASV, EPSV, PORT and EPRT: make sure that the client has
 * a ticket left for the next data connection. */
void tls_control_fresh_ticket(struct session *s);

#endif
