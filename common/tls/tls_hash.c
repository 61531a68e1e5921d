/*
 * tls_hash.c - incremental hashes of files.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "common/tls/tls_hash.h"

#include "common/digits.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

struct tls_hash {
	EVP_MD *kind;
	EVP_MD_CTX *state;
};

struct tls_hash *
tls_hash_new(const char *name)
{
	struct tls_hash *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
		OPENSSL_INIT_NO_ATEXIT, NULL);
	h->kind = EVP_MD_fetch(NULL, name, NULL);
	h->state = EVP_MD_CTX_new();
	if (h->kind != NULL && h->state != NULL &&
	    EVP_DigestInit_ex2(h->state, h->kind, NULL) == 1)
		return h;
	tls_hash_free(h);
	ERR_clear_error();
	return NULL;
}

bool
tls_hash_add(struct tls_hash *h, const void *data, size_t len)
{
	return EVP_DigestUpdate(h->state, data, len) == 1;
}

bool
tls_hash_end(struct tls_hash *h, char *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_DigestFinal_ex(h->state, digest, &len) != 1 ||
	    2 * len >= TLS_HASH_HEX_SIZE)
		return false;
	*digits_put_bytes(hex, digest, len) = '\0';
	return true;
}

void
tls_hash_free(struct tls_hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->state);
	EVP_MD_free(h->kind);
	free(h);
}
