/*
 * tls_scheme.h - signature schemes of TLS (SignatureScheme, RFC 8446 section
 * 4.2.3): key type, digest and padding.  For tls*.c only.
 *
 * Requests to the keeper contain one of these numbers, so that nothing else can
 * be requested.  Schemes with SHA-1 and SHA-224 are left out.
 */
#ifndef COMMON_TLS_TLS_SCHEME_H
#define COMMON_TLS_TLS_SCHEME_H

#include "common/base.h"

#include <openssl/evp.h>

struct tls_scheme {
	uint16_t number;
	const char *key;	/* key type, as for EVP_PKEY_is_a() */
	const char *digest;	/* NULL: part of the key type (EdDSA) */
	int padding;		/* for RSA: RSA_PKCS1_PADDING, or
				 * RSA_PKCS1_PSS_PADDING with a salt as long as
				 * the digest; else 0 */
};

/* The row of this number, or NULL. */
const struct tls_scheme *tls_scheme_of(uint16_t number);

/* The row for this key, digest (OpenSSL's name; NULL or "": none) and padding,
 * or NULL. */
const struct tls_scheme *tls_scheme_find(const EVP_PKEY *key,
	const char *digest, int padding);

/* Is there a scheme for keys of this type? */
bool tls_scheme_has(const EVP_PKEY *key);

#endif
