/*
 * tls_provider_sign.c - the signature operation (provider-signature(7)): stores
 * libssl's parameters and passes them on.
 *
 * Runs in: greeter, session.  Never: requests a signature that has no
 * SignatureScheme in TLS.
 */
#include "common/base.h"
#include "common/tls/tls_provider_sign.h"

#include "common/tls/tls_provider_keys.h"
#include "common/tls/tls_scheme.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

struct signing {
	const struct tls_provider_key *key;
	char digest[32];
	int padding;
	bool salt_fits;		/* with the length of the digest */
};

static void *
new(void *provider UNUSED, const char *properties UNUSED)
{
	return calloc(1, sizeof(struct signing));
}

static void
release(void *context)
{
	free(context);
}

/* The caller may pass numbers or names. */
static bool
set_padding(struct signing *s, const OSSL_PARAM *param)
{
	if (param->data_type != OSSL_PARAM_UTF8_STRING)
		return OSSL_PARAM_get_int(param, &s->padding) == 1;
	s->padding = strcmp(param->data, OSSL_PKEY_RSA_PAD_MODE_PSS) == 0 ?
		RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
	return true;
}

static bool
set_salt(struct signing *s, const OSSL_PARAM *param)
{
	int number = 0;

	if (param->data_type == OSSL_PARAM_UTF8_STRING)
		s->salt_fits = strcmp(param->data,
			OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST) == 0;
	else if (OSSL_PARAM_get_int(param, &number) == 1)
		s->salt_fits = number == RSA_PSS_SALTLEN_DIGEST;
	else
		return false;
	return true;
}

static const OSSL_PARAM *
settable_params(void *context UNUSED, void *provider UNUSED)
{
	static const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL,
			0),
		OSSL_PARAM_END,
	};

	return params;
}

static int
set_params(void *context, const OSSL_PARAM params[])
{
	struct signing *s = context;
	const OSSL_PARAM *param;

	if (params == NULL)
		return 1;
	param = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
	if (param != NULL && !set_padding(s, param))
		return 0;
	param = OSSL_PARAM_locate_const(params,
		OSSL_SIGNATURE_PARAM_PSS_SALTLEN);
	return param == NULL || set_salt(s, param);
}

/* The defaults. */
static int
usual_padding(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") == 1)
		return RSA_PKCS1_PADDING;
	return EVP_PKEY_is_a(key, "RSA-PSS") == 1 ? RSA_PKCS1_PSS_PADDING : 0;
}

static int
begin(void *context, const char *digest, void *key, const OSSL_PARAM params[])
{
	struct signing *s = context;

	if (digest == NULL)
		digest = "";
	if (key != NULL)
		s->key = key;
	if (s->key == NULL || strlen(digest) >= sizeof(s->digest))
		return 0;
	memcpy(s->digest, digest, strlen(digest) + 1);
	s->padding = usual_padding(s->key->parts.public);
	s->salt_fits = false;
	return set_params(s, params);
}

static int
fail(const char *words)
{
	ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "%s", words);
	return 0;
}

/* Build the request from libssl's parameters; false if there is no
 * SignatureScheme for them. */
static bool
fill(const struct signing *s, struct sign_request *request,
	const unsigned char *data, size_t len)
{
	const struct tls_scheme *scheme = tls_scheme_find(
		s->key->parts.public, s->digest, s->padding);

	if (scheme == NULL || len > sizeof(request->data) ||
	    (scheme->padding == RSA_PKCS1_PSS_PADDING && !s->salt_fits))
		return false;
	memcpy(request->key, s->key->name, sizeof(request->key));
	memcpy(request->data, data, len);
	request->scheme = scheme->number;
	request->len = (uint16_t)len;
	return true;
}

/* Without a buffer: return the maximum size of the signature. */
static int
sign(void *context, unsigned char *signature, size_t *len, size_t size,
	const unsigned char *data, size_t data_len)
{
	const struct signing *s = context;
	const struct tls_signer *signer = s->key->parts.signer;
	struct sign_request request = { .scheme = 0 };

	if (signature == NULL) {
		*len = (size_t)EVP_PKEY_get_size(s->key->parts.public);
		return 1;
	}
	if (!fill(s, &request, data, data_len))
		return fail("no signature: not for a TLS handshake");
	int n = signer->sign == NULL ? -ENOKEY : signer->sign(signer->context,
		&request, signature, size);
	if (n <= 0)
		return fail(tls_signer_error(n));
	*len = (size_t)n;
	return 1;
}

#define ROW(id, function) { id, (void (*)(void))(function) }

const OSSL_DISPATCH tls_provider_sign[] = {
	ROW(OSSL_FUNC_SIGNATURE_NEWCTX, new),
	ROW(OSSL_FUNC_SIGNATURE_FREECTX, release),
	ROW(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, begin),
	ROW(OSSL_FUNC_SIGNATURE_DIGEST_SIGN, sign),
	ROW(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, set_params),
	ROW(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, settable_params),
	{ 0, NULL },
};
