/*
 * tls_context.h - settings of all TLS connections: versions, ciphers, groups,
 * ALPN, client certificates.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_CONTEXT_H
#define COMMON_TLS_TLS_CONTEXT_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "common/tls/tls_files.h"

#include <openssl/ssl.h>

/* A context without certificate; NULL after a complaint. */
SSL_CTX *tls_context_new(const struct settings *settings,
	struct tls_files *files);

/* Does the processor have instructions for AES, as far as is known? */
bool tls_context_has_aes(void);

/* Prefer ChaCha20 to AES, in both versions: for processors without
 * instructions for AES. */
bool tls_context_prefer_chacha(SSL_CTX *context, const char *ciphers,
	const char *suites);

#endif
