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

/* Can this connection use TLS: is there a certificate, and does the listener
 * allow TLS? */
bool tls_control_possible(const struct session *s);

/* Describe a TLS connection: "TLSv1.3, TLS_AES_128_GCM_SHA256, resumed". */
void tls_control_describe(struct buffer *b, const struct tls_facts *facts);

/* The handshake on the control connection, in the greeter.  False when it
 * failed and the session has ended. */
bool tls_control_handshake(struct session *s);

/* CCC: make the next reply the last one with TLS.  False when the relay has
 * exited and the session has ended. */
bool tls_control_end_after_reply(struct session *s);

/* With a relay: make everything readable that the client has sent on the
 * control connection, and its end, if it is lost.  False when the relay has
 * exited and the session has ended. */
bool tls_control_catch_up(struct session *s);

/* Call it before the reply to PASV, EPSV, PORT and EPRT: makes sure that the
 * client has an unused ticket for the next data connection. */
void tls_control_fresh_ticket(struct session *s);

#endif
