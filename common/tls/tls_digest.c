/*
 * tls_digest.c - unsalted password digests, as stored by other servers.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/tls/tls_digest.h"

#include "common/digits.h"

#include <openssl/evp.h>

bool
tls_digest_hex(const char *name, const char *text, char *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (EVP_Q_digest(NULL, name, NULL, text, strlen(text), digest,
	    &len) != 1 || 2 * len >= TLS_DIGEST_HEX_SIZE)
		return false;
	*digits_put_bytes(hex, digest, len) = '\0';
	explicit_bzero(digest, sizeof(digest));
	return true;
}
