/*
 * tls_provider_sign.h - the provider's signatures, which the keeper computes.
 * For tls_provider*.c only.
 */
#ifndef COMMON_TLS_TLS_PROVIDER_SIGN_H
#define COMMON_TLS_TLS_PROVIDER_SIGN_H

#include "common/base.h"

#include <openssl/core.h>

/* For the keys of tls_provider_keys.h.  A failure adds an error of ERR_LIB_USER
 * to OpenSSL's queue, with the reason as its data (tls_library_error()). */
extern const OSSL_DISPATCH tls_provider_sign[];

#endif
