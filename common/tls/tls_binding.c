/*
 * tls_binding.c - ticket keys of accounts.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/tls/tls_binding.h"

#include "common/buffer.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

/* An octet string that OpenSSL only reads. */
static OSSL_PARAM
octets(const char *name, const void *data, size_t len)
{
	return OSSL_PARAM_construct_octet_string(name,
		(void *)(uintptr_t)data, len);
}

static int
derive(const uint8_t *secret, const struct buffer *info, uint8_t *keys)
{
	static const char salt[] = "sureftpd session tickets";
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest,
			0),
		octets(OSSL_KDF_PARAM_KEY, secret, TLS_SECRET_SIZE),
		octets(OSSL_KDF_PARAM_SALT, salt, sizeof(salt)),
		octets(OSSL_KDF_PARAM_INFO, info->data, info->len),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	bool ok = context != NULL && EVP_KDF_derive(context, keys,
		MESSAGE_TICKET_KEYS_SIZE, params) == 1;

	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
	return ok ? 0 : -EIO;
}

int
tls_account_keys(const uint8_t *secret, const char *account,
	const struct address *client, uint8_t *keys)
{
	struct address_prefix prefix = address_prefix(client);
	BUFFER(info, MESSAGE_ACCOUNT_SIZE + sizeof(prefix));

	/* The prefix first: its length is fixed, so inputs are distinct. */
	buffer_add(&info, prefix.bytes, sizeof(prefix.bytes));
	buffer_add_text(&info, account);
	return info.overflow ? -EIO : derive(secret, &info, keys);
}
