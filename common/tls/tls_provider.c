/*
 * tls_provider.c - the provider's tables, and how it is loaded
 * (provider-base(7)).
 *
 * Runs in: master, greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_provider.h"

#include "common/tls/tls_provider_keys.h"
#include "common/tls/tls_provider_sign.h"

#include <openssl/core_dispatch.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#define NAME	   "sureftpd"
#define PROPERTIES "provider=" NAME

struct tls_provider {
	OSSL_LIB_CTX *library;
	OSSL_PROVIDER *loaded;
};

static const OSSL_ALGORITHM *
query(void *provider UNUSED, int operation, int *no_cache)
{
	static const OSSL_ALGORITHM keys[] = {
		{ "RSA", PROPERTIES, tls_provider_keys, NULL },
		{ "RSA-PSS", PROPERTIES, tls_provider_keys, NULL },
		{ "EC", PROPERTIES, tls_provider_keys, NULL },
		{ "ED25519", PROPERTIES, tls_provider_keys, NULL },
		{ "ED448", PROPERTIES, tls_provider_keys, NULL },
		{ NULL, NULL, NULL, NULL },
	};
	static const OSSL_ALGORITHM signatures[] = {
		{ TLS_PROVIDER_SIGNATURE, PROPERTIES, tls_provider_sign, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	*no_cache = 0;
	if (operation == OSSL_OP_KEYMGMT)
		return keys;
	return operation == OSSL_OP_SIGNATURE ? signatures : NULL;
}

static const OSSL_DISPATCH functions[] = {
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query },
	{ 0, NULL },
};

/* The provider has no context, but NULL would mean failure. */
static int
begin(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in UNUSED,
	const OSSL_DISPATCH **out, void **context)
{
	*out = functions;
	*context = (void *)(uintptr_t)handle;
	return 1;
}

struct tls_provider *
tls_provider_new(void)
{
	struct tls_provider *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->library = OSSL_LIB_CTX_new();
	if (p->library != NULL &&
	    OSSL_PROVIDER_add_builtin(p->library, NAME, begin) == 1)
		p->loaded = OSSL_PROVIDER_load(p->library, NAME);
	if (p->loaded != NULL)
		return p;
	tls_provider_free(p);
	return NULL;
}

void
tls_provider_free(struct tls_provider *p)
{
	if (p == NULL)
		return;
	if (p->loaded != NULL)
		OSSL_PROVIDER_unload(p->loaded);
	OSSL_LIB_CTX_free(p->library);
	free(p);
}

/* Without the private half, if any. */
static EVP_PKEY *
public_half(const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	const unsigned char *from = der;
	EVP_PKEY *public = len > 0 ? d2i_PUBKEY(NULL, &from, len) : NULL;

	OPENSSL_free(der);
	return public;
}

static EVP_PKEY *
make_key(struct tls_provider *p, EVP_PKEY *public,
	const struct tls_signer *signer)
{
	struct tls_provider_parts parts = { public, signer };
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(TLS_PROVIDER_PARTS, &parts,
			sizeof(parts)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(p->library,
		EVP_PKEY_get0_type_name(public), NULL);
	EVP_PKEY *key = NULL;

	if (context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

EVP_PKEY *
tls_provider_key(struct tls_provider *p, const EVP_PKEY *of,
	const struct tls_signer *signer)
{
	EVP_PKEY *public = public_half(of);
	EVP_PKEY *key = public != NULL ? make_key(p, public, signer) : NULL;

	EVP_PKEY_free(public);
	return key;
}
