/*
 * tls_provider_sign.h - the provider's signatures, which the keeper makes.
 * For tls_provider*.c only.
 */
#ifndef COMMON_TLS_TLS_PROVIDER_SIGN_H
#define COMMON_TLS_TLS_PROVIDER_SIGN_H

#include "common/base.h"

#include <openssl/core.h>

/* Works with the keys of tls_provider_keys.h.  Why one failed is an error of
 * ERR_LIB_USER with the words as its data (tls_library_error()). */
extern const OSSL_DISPATCH tls_provider_sign[];

#endif
