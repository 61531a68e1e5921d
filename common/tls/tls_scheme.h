/*
 * tls_scheme.h - the ways to sign that TLS has a number for (SignatureScheme,
 * RFC 8446 section 4.2.3): kind of key, digest and padding in one.
 * For the rooms tls*.c only.
 *
 * What a process asks the keeper to do is one of these numbers, so nothing
 * else can be asked for.  SHA-1 and SHA-224 are left out.
 */
#ifndef COMMON_TLS_TLS_SCHEME_H
#define COMMON_TLS_TLS_SCHEME_H

#include "common/base.h"

#include <openssl/evp.h>

struct tls_scheme {
	uint16_t number;
	const char *key;	/* kind of key, as EVP_PKEY_is_a() knows it */
	const char *digest;	/* NULL: the kind of key says (EdDSA) */
	int padding;		/* of RSA: RSA_PKCS1_PADDING or
				 * RSA_PKCS1_PSS_PADDING with a salt as long as
				 * the digest; else 0 */
};

/* The row of this number, or NULL. */
const struct tls_scheme *tls_scheme_of(uint16_t number);

/* The row for this key, a digest by OpenSSL's name for it (NULL or "": none)
 * and a padding, or NULL. */
const struct tls_scheme *tls_scheme_find(const EVP_PKEY *key,
	const char *digest, int padding);

/* Can keys of this kind sign for TLS at all? */
bool tls_scheme_has(const EVP_PKEY *key);

#endif
