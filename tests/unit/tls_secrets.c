/*
 * tls_secrets.c - the private keys of tls_pki.h in pieces.
 */
#include "common/base.h"
#include "tests/unit/tls_secrets.h"

#include "tests/unit/child.h"
#include "tests/unit/tls_pki.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

static void
add_number(struct memory_pieces *p, const char *file, const char *name)
{
	EVP_PKEY *key = tls_pki_key(file);
	BIGNUM *number = NULL;
	uint8_t bytes[512];

	CHILD_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
	int len = BN_bn2bin(number, bytes);
	memory_add(p, bytes, (size_t)len);
	BN_clear_free(number);
	EVP_PKEY_free(key);
}

/* The lines of base64 of a private key that have nothing of the public half in
 * them, which PKCS #8 repeats: the first of an EC key, all behind the modulus
 * of an RSA key. */
static void
add_text(struct memory_pieces *p, const char *file, int first, int last)
{
	char line[256];
	FILE *f = fopen(tls_pki_path(file), "re");
	int number = 0;

	CHILD_CHECK(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		size_t len = strcspn(line, "\n");

		if (strstr(line, "BEGIN PRIVATE KEY") != NULL)
			number = 1;
		else if (line[0] == '-')
			number = 0;
		else if (number > 0 && number++ >= first &&
		    number - 1 <= last && len >= MEMORY_PIECE)
			memory_add(p, line, len);
	}
	fclose(f);
}

void
tls_secrets_learn(struct memory_pieces *p)
{
	static const char *const rsa[] = {
		OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rsa); i++)
		add_number(p, "rsa.key", rsa[i]);
	add_number(p, "ec.key", OSSL_PKEY_PARAM_PRIV_KEY);
	add_number(p, "other.pem", OSSL_PKEY_PARAM_PRIV_KEY);
	add_text(p, "rsa.key", 8, INT_MAX);
	add_text(p, "ec.key", 1, 1);
	add_text(p, "other.pem", 1, 1);
}
