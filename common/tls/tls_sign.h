/*
 * tls_sign.h - sign with a private key, for TLS and nothing else.
 * For the rooms tls*.c only.
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

/* Is this data that a TLS server signs in a handshake, and that has no meaning
 * in any other protocol? */
enum tls_shape tls_sign_shape(const uint8_t *data, size_t len);

/*
 * The signature into signature[size]: its length; -EPERM: the data has not the
 * shape, or the scheme is not for this key or this version of TLS; -EIO.
 */
int tls_sign(EVP_PKEY *key, const struct sign_request *request,
	uint8_t *signature, size_t size);

#endif
