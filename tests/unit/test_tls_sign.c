/*
 * test_tls_sign.c - what is signed, and what is not.
 */
#include "common/base.h"
#include "common/tls/tls_sign.h"

#include "common/tls/tls_scheme.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <openssl/rsa.h>

const char *const unit_name = "tls_sign";

#define LABEL "TLS 1.3, server CertificateVerify"

static struct sign_request
verify_1_3(uint16_t scheme, size_t hash)
{
	struct sign_request r = { .scheme = scheme };

	memset(r.data, ' ', 64);
	memcpy(r.data + 64, LABEL, sizeof(LABEL));
	memset(r.data + 64 + sizeof(LABEL), 0xa5, hash);
	r.len = (uint16_t)(64 + sizeof(LABEL) + hash);
	return r;
}

static struct sign_request
exchange_1_2(uint16_t scheme, uint8_t curve, uint8_t point)
{
	struct sign_request r = { .scheme = scheme,
		.len = (uint16_t)(64 + 4 + point) };

	memset(r.data, 0x17, 64);
	memcpy(r.data + 64, (uint8_t[]){ 3, 0, curve, point }, 4);
	memset(r.data + 68, 4, point);
	return r;
}

static enum tls_shape
shape(const struct sign_request *r)
{
	return tls_sign_shape(r->data, r->len);
}

static void
good_shapes(void)
{
	static const uint8_t curves[][2] = { { 23, 65 }, { 24, 97 },
		{ 25, 133 }, { 29, 32 }, { 30, 56 } };
	struct sign_request r = verify_1_3(0, 32);

	CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_1_3);
	r = verify_1_3(0, 48);
	CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_1_3);
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++) {
		r = exchange_1_2(0, curves[i][0], curves[i][1]);
		CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_1_2);
		/* The randoms are anything. */
		memset(r.data, ' ', 64);
		CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_1_2);
	}
}

/* Every byte that is fixed, and every other length. */
static void
bad_shapes_of_1_3(void)
{
	for (size_t i = 0; i < 64 + sizeof(LABEL); i++) {
		struct sign_request r = verify_1_3(0, 32);

		r.data[i] ^= 1;
		CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_NONE);
	}
	for (uint16_t len = 0; len <= MESSAGE_SIGN_SIZE; len++) {
		struct sign_request r = verify_1_3(0, 32);

		r.len = len;
		CU_ASSERT_EQUAL(shape(&r) == TLS_SHAPE_1_3,
			len == 64 + sizeof(LABEL) + 32 ||
			len == 64 + sizeof(LABEL) + 48);
	}
	/* What a client signs is not what a server signs. */
	struct sign_request r = verify_1_3(0, 32);
	memcpy(r.data + 64 + 9, "client", 6);
	CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_NONE);
}

static void
bad_shapes_of_1_2(void)
{
	for (uint16_t len = 0; len <= MESSAGE_SIGN_SIZE; len++) {
		struct sign_request r = exchange_1_2(0, 29, 32);

		r.len = len;
		CU_ASSERT_EQUAL(shape(&r) == TLS_SHAPE_1_2, len == 100);
	}
	for (int value = 0; value < 256; value++)
		for (int at = 64; at < 68; at++) {
			struct sign_request r = exchange_1_2(0, 29, 32);
			bool same = r.data[at] == value;

			r.data[at] = (uint8_t)value;
			CU_ASSERT_EQUAL(shape(&r) == TLS_SHAPE_1_2, same);
		}
	/* A curve's number with another's point. */
	struct sign_request r = exchange_1_2(0, 23, 32);
	CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_NONE);
	r = exchange_1_2(0, 31, 32);
	CU_ASSERT_EQUAL(shape(&r), TLS_SHAPE_NONE);
}

/* By the book, and not by the code under test. */
static bool
verifies(EVP_PKEY *key, const char *digest, int padding,
	const struct sign_request *r, const uint8_t *signature, int len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *parameters;
	bool ok = EVP_DigestVerifyInit_ex(context, &parameters, digest, NULL,
		NULL, key, NULL) == 1;

	if (padding != 0)
		ok = ok && EVP_PKEY_CTX_set_rsa_padding(parameters,
			padding) == 1;
	if (padding == RSA_PKCS1_PSS_PADDING)
		ok = ok && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters,
			RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_DigestVerify(context, signature, (size_t)len, r->data,
		r->len) == 1;
	EVP_MD_CTX_free(context);
	return ok;
}

static const struct {
	const char *kind;
	uint16_t scheme;
	const char *digest;
	int padding;
} rows[] = {
	{ "RSA", 0x0401, "SHA256", RSA_PKCS1_PADDING },
	{ "RSA", 0x0501, "SHA384", RSA_PKCS1_PADDING },
	{ "RSA", 0x0601, "SHA512", RSA_PKCS1_PADDING },
	{ "RSA", 0x0804, "SHA256", RSA_PKCS1_PSS_PADDING },
	{ "RSA", 0x0805, "SHA384", RSA_PKCS1_PSS_PADDING },
	{ "RSA", 0x0806, "SHA512", RSA_PKCS1_PSS_PADDING },
	{ "RSA-PSS", 0x0809, "SHA256", RSA_PKCS1_PSS_PADDING },
	{ "RSA-PSS", 0x080a, "SHA384", RSA_PKCS1_PSS_PADDING },
	{ "RSA-PSS", 0x080b, "SHA512", RSA_PKCS1_PSS_PADDING },
	{ "P-256", 0x0403, "SHA256", 0 },
	{ "P-384", 0x0503, "SHA384", 0 },
	{ "P-521", 0x0603, "SHA512", 0 },
	{ "ED25519", 0x0807, NULL, 0 },
	{ "ED448", 0x0808, NULL, 0 },
};

static void
every_scheme_signs(void)
{
	uint8_t signature[MESSAGE_SIGNATURE_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EVP_PKEY *key = tls_pki_new_key(rows[i].kind);
		struct sign_request r = exchange_1_2(rows[i].scheme, 29, 32);
		int len = tls_sign(key, &r, signature, sizeof(signature));

		CU_ASSERT_TRUE(verifies(key, rows[i].digest, rows[i].padding,
			&r, signature, len));
		r = verify_1_3(rows[i].scheme, 48);
		len = tls_sign(key, &r, signature, sizeof(signature));
		/* RFC 8446 section 4.2.3 */
		if (rows[i].padding == RSA_PKCS1_PADDING)
			CU_ASSERT_EQUAL(len, -EPERM)
		else
			CU_ASSERT_TRUE(verifies(key, rows[i].digest,
				rows[i].padding, &r, signature, len));
		EVP_PKEY_free(key);
	}
}

/* A key signs in its own ways only, and nothing of no number. */
static void
other_schemes_are_refused(void)
{
	uint8_t signature[MESSAGE_SIGNATURE_SIZE];

	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		EVP_PKEY *key = tls_pki_new_key(rows[k].kind);

		for (uint32_t scheme = 0; scheme < 0x0900; scheme++) {
			const struct tls_scheme *known =
				tls_scheme_of((uint16_t)scheme);
			struct sign_request r = exchange_1_2(
				(uint16_t)scheme, 29, 32);

			if (known != NULL && EVP_PKEY_is_a(key, known->key))
				continue;
			CU_ASSERT_EQUAL(tls_sign(key, &r, signature,
				sizeof(signature)), -EPERM);
		}
		EVP_PKEY_free(key);
	}
}

static void
lengths_are_checked(void)
{
	uint8_t signature[MESSAGE_SIGNATURE_SIZE];
	EVP_PKEY *key = tls_pki_new_key("P-256");
	struct sign_request r = verify_1_3(0x0403, 32);

	CU_ASSERT_TRUE(tls_sign(key, &r, signature, sizeof(signature)) > 0);
	CU_ASSERT_EQUAL(tls_sign(key, &r, signature, 8), -EIO);
	r.len = UINT16_MAX;
	CU_ASSERT_EQUAL(tls_sign(key, &r, signature, sizeof(signature)),
		-EPERM);
	r.len = 0;
	CU_ASSERT_EQUAL(tls_sign(key, &r, signature, sizeof(signature)),
		-EPERM);
	EVP_PKEY_free(key);
}

CU_TestInfo unit_tests[] = {
	{ "what TLS servers sign", good_shapes },
	{ "nothing else of TLS 1.3", bad_shapes_of_1_3 },
	{ "nothing else of TLS 1.2", bad_shapes_of_1_2 },
	{ "every scheme signs", every_scheme_signs },
	{ "no other scheme signs", other_schemes_are_refused },
	{ "lengths are checked", lengths_are_checked },
	CU_TEST_INFO_NULL,
};
