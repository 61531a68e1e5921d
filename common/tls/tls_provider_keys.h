/*
 * tls_provider_keys.h - the provider's keys: a public half and its signer.
 * For tls_provider*.c only.
 */
#ifndef COMMON_TLS_TLS_PROVIDER_KEYS_H
#define COMMON_TLS_TLS_PROVIDER_KEYS_H

#include "common/base.h"
#include "common/tls/tls_signer.h"

#include <openssl/core.h>
#include <openssl/evp.h>

/* A key is made by EVP_PKEY_fromdata(3) with this one parameter, which holds
 * a struct tls_provider_parts. */
#define TLS_PROVIDER_PARTS "sureftpd-parts"

struct tls_provider_parts {
	EVP_PKEY *public;
	const struct tls_signer *signer;
};

struct tls_provider_key {
	struct tls_provider_parts parts;
	uint8_t name[MESSAGE_KEY_NAME_SIZE];
};

/* The name of the only operation; it exists in no other provider. */
#define TLS_PROVIDER_SIGNATURE "SUREFTPD"

extern const OSSL_DISPATCH tls_provider_keys[];

#endif
