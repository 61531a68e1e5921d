/*
 * tls_sign.h - signs with a private key, for TLS only.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_SIGN_H
#define COMMON_TLS_TLS_SIGN_H

#include "common/base.h"
#include "common/process/message.h"

#include <openssl/evp.h>

enum tls_shape {
	TLS_SHAPE_NONE,
	TLS_SHAPE_1_2,	/* two randoms and the server's ECDH parameters
			 * (RFC 8422 section 5.4) */
	TLS_SHAPE_1_3,	/* 64 blanks, "TLS 1.3, server CertificateVerify", NUL,
			 * a hash (RFC 8446 section 4.4.3) */
};

/* Is this data in the form that a TLS server signs in a handshake, and that no
 * other protocol uses? */
enum tls_shape tls_sign_shape(const uint8_t *data, size_t len);

/*
 * Sign into signature[size]: its length; -EPERM if the data does not have that
 * form, or the scheme is not for this key or TLS version; or -EIO.
 */
int tls_sign(EVP_PKEY *key, const struct sign_request *request,
	uint8_t *signature, size_t size);

#endif
