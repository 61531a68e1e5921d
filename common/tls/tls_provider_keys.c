/*
 * tls_provider_keys.c - key management (provider-keymgmt(7)).
 *
 * Runs in: master, greeter, session.  Never: exports the public half when the
 * private half is requested.
 */
#include "common/base.h"
#include "common/tls/tls_provider_keys.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>

static void *
new(void *provider UNUSED)
{
	return calloc(1, sizeof(struct tls_provider_key));
}

static void
release(void *data)
{
	struct tls_provider_key *key = data;

	if (key == NULL)
		return;
	EVP_PKEY_free(key->parts.public);
	free(key);
}

/* Claim to have the private half, because the key can sign. */
static int
has(const void *data, int selection UNUSED)
{
	const struct tls_provider_key *key = data;

	return key->parts.public != NULL;
}

static int
match(const void *a, const void *b, int selection UNUSED)
{
	const struct tls_provider_key *one = a, *other = b;

	return EVP_PKEY_eq(one->parts.public, other->parts.public) == 1;
}

static const OSSL_PARAM *
import_types(int selection UNUSED)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(TLS_PROVIDER_PARTS, NULL, 0),
		OSSL_PARAM_END,
	};

	return types;
}

static int
import(void *data, int selection UNUSED, const OSSL_PARAM params[])
{
	struct tls_provider_key *key = data;
	const OSSL_PARAM *param = OSSL_PARAM_locate_const(params,
		TLS_PROVIDER_PARTS);
	struct tls_provider_parts parts;

	if (param == NULL || param->data_size != sizeof(parts) ||
	    key->parts.public != NULL)
		return 0;
	memcpy(&parts, param->data, sizeof(parts));
	if (!tls_signer_name(parts.public, key->name) ||
	    EVP_PKEY_up_ref(parts.public) != 1)
		return 0;
	key->parts = parts;
	return 1;
}

static const OSSL_PARAM *
export_types(int selection UNUSED)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
		OSSL_PARAM_END,
	};

	return types;
}

/* For X509_check_private_key(3), which compares the public halves. */
static int
export(void *data, int selection, OSSL_CALLBACK *callback, void *argument)
{
	const struct tls_provider_key *key = data;

	if (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY)
		return 0;
	return EVP_PKEY_export(key->parts.public, selection, callback,
		argument);
}

static const OSSL_PARAM *
gettable_params(void *provider UNUSED)
{
	static const OSSL_PARAM params[] = {
		OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL,
			0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_MANDATORY_DIGEST, NULL,
			0),
		OSSL_PARAM_END,
	};

	return params;
}

/* Size, curve, digest: all taken from the public half. */
static int
get_params(void *data, OSSL_PARAM params[])
{
	const struct tls_provider_key *key = data;

	return EVP_PKEY_get_params(key->parts.public, params);
}

static const char *
operation_name(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? TLS_PROVIDER_SIGNATURE : NULL;
}

#define ROW(id, function) { id, (void (*)(void))(function) }

const OSSL_DISPATCH tls_provider_keys[] = {
	ROW(OSSL_FUNC_KEYMGMT_NEW, new),
	ROW(OSSL_FUNC_KEYMGMT_FREE, release),
	ROW(OSSL_FUNC_KEYMGMT_HAS, has),
	ROW(OSSL_FUNC_KEYMGMT_MATCH, match),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT, import),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, import_types),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT, export),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, export_types),
	ROW(OSSL_FUNC_KEYMGMT_GET_PARAMS, get_params),
	ROW(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, gettable_params),
	ROW(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, operation_name),
	{ 0, NULL },
};
