/*
 * tls_keys.h - the server's private keys.
 *
 * Only the keeper has them, and sureftpd --check and tests while they run.  The
 * key of tls_client.h is not one of them.
 */
#ifndef COMMON_TLS_TLS_KEYS_H
#define COMMON_TLS_TLS_KEYS_H

#include "common/base.h"
#include "common/process/message.h"

struct tls_keys;

/*
 * Read a key in PEM from each of these descriptors, which stay open; at most
 * MESSAGE_KEYS.  NULL on failure, with the index of the file in *file (-1: none
 * of them) and the reason in text[size].
 */
struct tls_keys *tls_keys_read(const int *fds, size_t count, int *file,
	char *text, size_t size);
/* Wipes them; NULL is fine. */
void tls_keys_free(struct tls_keys *keys);

/* The names of the keys (tls_signer.h), in the descriptors' order. */
size_t tls_keys_count(const struct tls_keys *keys);
const uint8_t *tls_keys_name(const struct tls_keys *keys, size_t i);

/* Use the first one for the certificate of this context, for a client.  False
 * if it does not match. */
struct ssl_ctx_st;
bool tls_keys_use(const struct tls_keys *keys, struct ssl_ctx_st *context)
	MUST_CHECK;

/* A tls_sign_function: signs only what a TLS server signs in a handshake
 * (tls_sign.h). */
int tls_keys_sign(void *keys, const struct sign_request *request,
	uint8_t *signature, size_t size);

#endif
