/*
 * tls_md5.c - MD5 and HMAC-MD5.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "common/tls/tls_md5.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

bool
tls_md5(const struct tls_md5_part *parts, size_t count, uint8_t *out)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	bool good = state != NULL &&
		EVP_DigestInit_ex(state, EVP_md5(), NULL) == 1;

	for (size_t i = 0; i < count && good; i++)
		good = EVP_DigestUpdate(state, parts[i].data, parts[i].len) ==
			1;
	good = good && EVP_DigestFinal_ex(state, out, NULL) == 1;
	EVP_MD_CTX_free(state);
	ERR_clear_error();
	return good;
}

bool
tls_md5_hmac(const void *key, size_t key_len, const void *data, size_t len,
	uint8_t *out)
{
	size_t out_len = 0;
	bool good = EVP_Q_mac(NULL, "HMAC", NULL, "MD5", NULL, key, key_len,
		data, len, out, TLS_MD5_SIZE, &out_len) != NULL &&
		out_len == TLS_MD5_SIZE;

	ERR_clear_error();
	return good;
}

bool
tls_md5_same(const uint8_t *a, const uint8_t *b)
{
	return CRYPTO_memcmp(a, b, TLS_MD5_SIZE) == 0;
}
