/*
 * tls_scheme.c - the table of signature schemes.
 *
 * Runs in: master, keeper, greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_scheme.h"

#include <openssl/rsa.h>

static const struct tls_scheme schemes[] = {
	{ 0x0401, "RSA", "SHA256", RSA_PKCS1_PADDING },
	{ 0x0501, "RSA", "SHA384", RSA_PKCS1_PADDING },
	{ 0x0601, "RSA", "SHA512", RSA_PKCS1_PADDING },
	{ 0x0804, "RSA", "SHA256", RSA_PKCS1_PSS_PADDING },
	{ 0x0805, "RSA", "SHA384", RSA_PKCS1_PSS_PADDING },
	{ 0x0806, "RSA", "SHA512", RSA_PKCS1_PSS_PADDING },
	{ 0x0809, "RSA-PSS", "SHA256", RSA_PKCS1_PSS_PADDING },
	{ 0x080a, "RSA-PSS", "SHA384", RSA_PKCS1_PSS_PADDING },
	{ 0x080b, "RSA-PSS", "SHA512", RSA_PKCS1_PSS_PADDING },
	{ 0x0403, "EC", "SHA256", 0 },
	{ 0x0503, "EC", "SHA384", 0 },
	{ 0x0603, "EC", "SHA512", 0 },
	{ 0x0807, "ED25519", NULL, 0 },
	{ 0x0808, "ED448", NULL, 0 },
};

const struct tls_scheme *
tls_scheme_of(uint16_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (schemes[i].number == number)
			return &schemes[i];
	return NULL;
}

/* Providers use "SHA2-256" for "SHA256" in the table. */
static bool
same_digest(const char *ours, const char *theirs)
{
	if (ours == NULL || theirs == NULL)
		return ours == NULL && (theirs == NULL || *theirs == '\0');
	if (strncasecmp(theirs, "SHA2-", 5) == 0)
		return strcmp(ours + 3, theirs + 5) == 0;
	return strcasecmp(ours, theirs) == 0;
}

const struct tls_scheme *
tls_scheme_find(const EVP_PKEY *key, const char *digest, int padding)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (EVP_PKEY_is_a(key, schemes[i].key) == 1 &&
		    same_digest(schemes[i].digest, digest) &&
		    schemes[i].padding == padding)
			return &schemes[i];
	return NULL;
}

bool
tls_scheme_has(const EVP_PKEY *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (EVP_PKEY_is_a(key, schemes[i].key) == 1)
			return true;
	return false;
}
