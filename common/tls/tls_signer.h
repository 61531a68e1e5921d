/*
 * tls_signer.h - the function that signs for the server, and the names of its
 * keys.
 */
#ifndef COMMON_TLS_TLS_SIGNER_H
#define COMMON_TLS_TLS_SIGNER_H

#include "common/base.h"
#include "common/process/message.h"

struct evp_pkey_st;	/* OpenSSL's EVP_PKEY */

/*
 * Sign request->data with the named key into signature[size].  Its length, or
 * -errno: -ETIMEDOUT or -EPIPE (the keeper does not answer, has exited),
 * -ENOKEY (no such key), -EPERM (not what a TLS server signs).
 */
typedef int tls_sign_function(void *context,
	const struct sign_request *request, uint8_t *signature, size_t size);

struct tls_signer {
	tls_sign_function *sign;	/* NULL: fails with -ENOKEY */
	void *context;
};

/* A key's name: the SHA-256 of its public half (SubjectPublicKeyInfo, RFC 5280
 * section 4.1), into name[MESSAGE_KEY_NAME_SIZE].  False when out of
 * memory. */
bool tls_signer_name(const struct evp_pkey_st *key, uint8_t *name);

/* The text of a tls_sign_function's error, for the log. */
const char *tls_signer_error(int error);

#endif
