/*
 * tls_digest.c - unsalted password digests, as stored by other servers.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/tls/tls_digest.h"

#include <openssl/evp.h>

bool
tls_digest_hex(const char *name, const char *text, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (EVP_Q_digest(NULL, name, NULL, text, strlen(text), digest,
	    &len) != 1 || 2 * len >= TLS_DIGEST_HEX_SIZE)
		return false;
	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[2 * len] = '\0';
	explicit_bzero(digest, sizeof(digest));
	return true;
}
