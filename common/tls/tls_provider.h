/*
 * tls_provider.h - an OpenSSL provider for private keys that are somewhere
 * else.  For the rooms tls*.c only.
 *
 * Its keys are a public half and a function that signs (tls_signer.h).  libssl
 * serves TLS with them as with any others, and never has the private half.
 * The provider is in a library context of its own, where nothing else that
 * OpenSSL looks up can find it.
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
 * A key that stands for the private half of this one (RSA, RSA-PSS, EC, Ed25519
 * or Ed448), of which only the public half is copied.  It signs by *signer,
 * which is looked at for each signature and must outlive the key.  NULL when
 * out of memory, or for another kind of key.
 */
EVP_PKEY *tls_provider_key(struct tls_provider *provider, const EVP_PKEY *of,
	const struct tls_signer *signer);

#endif
