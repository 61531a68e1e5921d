/*
 * tls_peer.h - the name in a client's certificate.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_PEER_H
#define COMMON_TLS_TLS_PEER_H

#include "common/base.h"

#include "common/process/message.h"

#include <openssl/ssl.h>

/*
 * The common name, the e-mail address or the whole subject (RFC 2253) of a
 * verified certificate, by certificate_user (CERTIFICATE_USER_..), into
 * text[size].  "" when there is none, more than one, a NUL in it, or it does
 * not fit: an ambiguous name must not log in.
 */
void tls_peer_name(X509 *certificate, int certificate_user, char *text,
	size_t size);

/* Set whether the connection has a verified client certificate, and the name in
 * it. */
void tls_peer_describe(const SSL *ssl, int certificate_user,
	struct tls_facts *facts);

#endif
