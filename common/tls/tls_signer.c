/*
 * tls_signer.c - names of keys, and the texts of errors.
 *
 * Runs in: master, keeper, greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_signer.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

bool
tls_signer_name(const EVP_PKEY *key, uint8_t *name)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	bool ok = len > 0 && EVP_Digest(der, (size_t)len, name, NULL,
		EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	return ok;
}

const char *
tls_signer_error(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return "no signature: the keeper did not answer in time";
	case -EPIPE:
		return "no signature: the keeper has exited";
	case -ENOKEY:
		return "no signature: the private key is not available";
	case -EPERM:
		return "no signature: the keeper refused the request";
	default:
		return "no signature: the keeper failed";
	}
}
