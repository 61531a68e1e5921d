/*
 * tls_sign.c - checks what is to be signed, and signs it.
 *
 * Runs in: keeper.  Never: signs anything except the handshake of a TLS server.
 */
#include "common/base.h"
#include "common/tls/tls_sign.h"

#include "common/tls/tls_scheme.h"

#include <openssl/rsa.h>

#define BLANKS	64
#define RANDOMS 64	/* the client's and the server's, 32 bytes each */

static const char label[] = "TLS 1.3, server CertificateVerify";

static bool
is_1_3(const uint8_t *data, size_t len)
{
	size_t head = BLANKS + sizeof(label);

	if (len != head + 32 && len != head + 48)
		return false;
	for (size_t i = 0; i < BLANKS; i++)
		if (data[i] != ' ')
			return false;
	/* Including its NUL. */
	return memcmp(data + BLANKS, label, sizeof(label)) == 0;
}

/* ECParameters and a point, for named curves (RFC 8422 section 5.1.1, RFC
 * 7027); with the size of the point. */
static bool
is_point(const uint8_t *data, size_t len)
{
	static const struct {
		uint8_t curve, size;
	} curves[] = {
		{ 23, 65 }, { 24, 97 }, { 25, 133 }, { 29, 32 }, { 30, 56 },
		{ 22, 65 }, { 26, 65 }, { 27, 97 }, { 28, 129 },
	};

	/* named_curve; all curve numbers are below 256 */
	if (len < 4 || data[0] != 3 || data[1] != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (data[2] == curves[i].curve)
			return data[3] == curves[i].size &&
				len == (size_t)4 + curves[i].size;
	return false;
}

enum tls_shape
tls_sign_shape(const uint8_t *data, size_t len)
{
	if (is_1_3(data, len))
		return TLS_SHAPE_1_3;
	if (len > RANDOMS && is_point(data + RANDOMS, len - RANDOMS))
		return TLS_SHAPE_1_2;
	return TLS_SHAPE_NONE;
}

/* RFC 8446 section 4.2.3: no PKCS #1 in the handshake of TLS 1.3. */
static bool
may(const EVP_PKEY *key, const struct tls_scheme *scheme,
	enum tls_shape shape)
{
	if (scheme == NULL || EVP_PKEY_is_a(key, scheme->key) != 1)
		return false;
	return shape == TLS_SHAPE_1_2 || (shape == TLS_SHAPE_1_3 &&
		scheme->padding != RSA_PKCS1_PADDING);
}

static bool
set_padding(EVP_PKEY_CTX *parameters, int padding)
{
	if (padding == 0)
		return true;
	if (EVP_PKEY_CTX_set_rsa_padding(parameters, padding) != 1)
		return false;
	return padding != RSA_PKCS1_PSS_PADDING ||
		EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters,
			RSA_PSS_SALTLEN_DIGEST) == 1;
}

int
tls_sign(EVP_PKEY *key, const struct sign_request *request,
	uint8_t *signature, size_t size)
{
	const struct tls_scheme *scheme = tls_scheme_of(request->scheme);
	EVP_PKEY_CTX *parameters = NULL;	/* the context's */
	EVP_MD_CTX *context;
	size_t len = size;

	if (request->len > sizeof(request->data) || !may(key, scheme,
	    tls_sign_shape(request->data, request->len)))
		return -EPERM;
	context = EVP_MD_CTX_new();
	bool ok = context != NULL && EVP_DigestSignInit_ex(context,
		&parameters, scheme->digest, NULL, NULL, key, NULL) == 1 &&
		set_padding(parameters, scheme->padding) &&
		EVP_DigestSign(context, signature, &len, request->data,
			request->len) == 1;

	EVP_MD_CTX_free(context);
	return ok ? (int)len : -EIO;
}
