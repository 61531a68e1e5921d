/*
 * tls_provider.h - an OpenSSL provider for private keys in another process.
 * For tls*.c only.
 *
 * Each of its keys consists of a public half and a function that signs
 * (tls_signer.h).  libssl uses them like other keys, but never has the private
 * half.  The provider is in a separate library context, so that other uses of
 * OpenSSL do not find it.
 */
#ifndef COMMON_TLS_TLS_PROVIDER_H
#define COMMON_TLS_TLS_PROVIDER_H

#include "common/base.h"
#include "common/tls/tls_signer.h"

#include <openssl/evp.h>

struct tls_provider;

/* NULL when out of memory.  Freed after the last of its keys. */
struct tls_provider *tls_provider_new(void);
void tls_provider_free(struct tls_provider *provider);

/*
 * Make a key from the public half of this one (RSA, RSA-PSS, EC, Ed25519 or
 * Ed448) that signs by calling *signer, which must outlive the key and may
 * change between signatures.  NULL when out of memory, or for another type of
 * key.
 */
EVP_PKEY *tls_provider_key(struct tls_provider *provider, const EVP_PKEY *of,
	const struct tls_signer *signer);

#endif
