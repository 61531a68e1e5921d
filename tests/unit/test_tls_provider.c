/*
 * test_tls_provider.c - TLS served by libssl without a private key: every kind
 * of key, both versions, and what happens when there is no signature.
 */
#include "common/base.h"
#include "common/tls/tls_provider.h"

#include "common/tls/tls_library.h"
#include "common/tls/tls_sign.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

const char *const unit_name = "tls_provider";

static const char *const kinds[] = { "RSA", "RSA-PSS", "P-256", "P-384",
	"P-521", "ED25519", "ED448" };

/* The other side: has the private key, and counts. */
struct owner {
	EVP_PKEY *key;
	int asked, error;
	uint16_t scheme;
	enum tls_shape shape;
	uint8_t name[MESSAGE_KEY_NAME_SIZE];
};

static struct tls_provider *provider;

static int
sign_for(void *context, const struct sign_request *request, uint8_t *signature,
	size_t size)
{
	struct owner *o = context;

	o->asked++;
	o->scheme = request->scheme;
	o->shape = tls_sign_shape(request->data, request->len);
	memcpy(o->name, request->key, sizeof(o->name));
	return o->error != 0 ? o->error : tls_sign(o->key, request, signature,
		size);
}

static X509 *
certify(EVP_PKEY *key)
{
	X509 *x = X509_new();
	bool edwards = EVP_PKEY_is_a(key, "ED25519") ||
		EVP_PKEY_is_a(key, "ED448");

	X509_set_version(x, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	CU_ASSERT_TRUE(X509_sign(x, key, edwards ? NULL : EVP_sha256()) > 0);
	return x;
}

/* A server's context with this certificate and a key that is not there. */
static SSL_CTX *
server_for(X509 *certificate, const struct tls_signer *signer)
{
	SSL_CTX *server = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = tls_provider_key(provider,
		X509_get0_pubkey(certificate), signer);

	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	CU_ASSERT_EQUAL(SSL_CTX_use_certificate(server, certificate), 1);
	CU_ASSERT_EQUAL(SSL_CTX_use_PrivateKey(server, key), 1);
	CU_ASSERT_EQUAL(SSL_CTX_check_private_key(server), 1);
	EVP_PKEY_free(key);
	return server;
}

/* Both sides in memory; how the handshake went. */
static bool
shake_hands(SSL_CTX *server, SSL_CTX *client)
{
	SSL *s = SSL_new(server), *c = SSL_new(client);
	BIO *up, *down;
	int done = 0;

	CU_ASSERT_EQUAL_FATAL(BIO_new_bio_pair(&up, 0, &down, 0), 1);
	SSL_set_bio(s, up, up);
	SSL_set_bio(c, down, down);
	SSL_set_accept_state(s);
	SSL_set_connect_state(c);
	for (int turn = 0; turn < 20 && done != 2; turn++) {
		int client_done = SSL_do_handshake(c);
		int server_done = SSL_do_handshake(s);

		done = (client_done == 1) + (server_done == 1);
		if (SSL_get_error(s, server_done) == SSL_ERROR_SSL)
			break;
		if (client_done != 1)
			ERR_clear_error();
	}
	SSL_free(s);
	SSL_free(c);
	return done == 2;
}

static SSL_CTX *
client_of(int version)
{
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_min_proto_version(client, version);
	SSL_CTX_set_max_proto_version(client, version);
	return client;
}

static void
begin(void)
{
	tls_library_begin();
	provider = tls_provider_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(provider);
}

static void
serve(const char *kind, int version)
{
	EVP_PKEY *key = tls_pki_new_key(kind);
	X509 *certificate = certify(key);
	struct owner owner = { .key = key };
	const struct tls_signer signer = { sign_for, &owner };
	uint8_t name[MESSAGE_KEY_NAME_SIZE];
	SSL_CTX *server = server_for(certificate, &signer);
	SSL_CTX *client = client_of(version);

	CU_ASSERT_TRUE(shake_hands(server, client));
	CU_ASSERT_EQUAL(owner.asked, 1);
	CU_ASSERT_EQUAL(owner.shape, version == TLS1_3_VERSION ?
		TLS_SHAPE_1_3 : TLS_SHAPE_1_2);
	CU_ASSERT_TRUE(tls_signer_name(key, name));
	CU_ASSERT_EQUAL(memcmp(owner.name, name, sizeof(name)), 0);
	SSL_CTX_free(client);
	SSL_CTX_free(server);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void
every_kind_serves(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		serve(kinds[i], TLS1_2_VERSION);
		serve(kinds[i], TLS1_3_VERSION);
	}
}

/* The client's wishes reach the other side as one number. */
static void
every_scheme_is_asked_for(void)
{
	static const struct {
		const char *kind, *wish;
		uint16_t number;
		int version;
	} rows[] = {
		{ "RSA", "RSA+SHA256", 0x0401, TLS1_2_VERSION },
		{ "RSA", "RSA+SHA384", 0x0501, TLS1_2_VERSION },
		{ "RSA", "RSA+SHA512", 0x0601, TLS1_2_VERSION },
		{ "RSA", "rsa_pss_rsae_sha256", 0x0804, TLS1_2_VERSION },
		{ "RSA", "rsa_pss_rsae_sha384", 0x0805, TLS1_3_VERSION },
		{ "RSA", "rsa_pss_rsae_sha512", 0x0806, TLS1_3_VERSION },
		{ "RSA-PSS", "rsa_pss_pss_sha256", 0x0809, TLS1_3_VERSION },
		{ "RSA-PSS", "rsa_pss_pss_sha512", 0x080b, TLS1_2_VERSION },
		{ "P-256", "ECDSA+SHA256", 0x0403, TLS1_3_VERSION },
		{ "P-256", "ECDSA+SHA512", 0x0603, TLS1_2_VERSION },
		{ "P-384", "ECDSA+SHA384", 0x0503, TLS1_3_VERSION },
		{ "ED25519", "ed25519", 0x0807, TLS1_3_VERSION },
		{ "ED448", "ed448", 0x0808, TLS1_2_VERSION },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EVP_PKEY *key = tls_pki_new_key(rows[i].kind);
		X509 *certificate = certify(key);
		struct owner owner = { .key = key };
		const struct tls_signer signer = { sign_for, &owner };
		SSL_CTX *server = server_for(certificate, &signer);
		SSL_CTX *client = client_of(rows[i].version);
		char wish[64];

		/* The function's macro takes no const. */
		snprintf(wish, sizeof(wish), "%s", rows[i].wish);
		CU_ASSERT_EQUAL(SSL_CTX_set1_sigalgs_list(client, wish), 1);
		CU_ASSERT_TRUE(shake_hands(server, client));
		CU_ASSERT_EQUAL(owner.scheme, rows[i].number);
		SSL_CTX_free(client);
		SSL_CTX_free(server);
		X509_free(certificate);
		EVP_PKEY_free(key);
	}
}

static void
another_key_does_not_fit(void)
{
	EVP_PKEY *one = tls_pki_new_key("P-256");
	EVP_PKEY *other = tls_pki_new_key("P-256");
	X509 *certificate = certify(one);
	const struct tls_signer signer = { NULL, NULL };
	SSL_CTX *server = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = tls_provider_key(provider, other, &signer);
	EVP_PKEY *same = tls_provider_key(provider, one, &signer);

	CU_ASSERT_EQUAL(SSL_CTX_use_certificate(server, certificate), 1);
	CU_ASSERT_EQUAL(SSL_CTX_use_PrivateKey(server, key), 0);
	CU_ASSERT_EQUAL(X509_check_private_key(certificate, key), 0);
	CU_ASSERT_EQUAL(X509_check_private_key(certificate, same), 1);
	CU_ASSERT_EQUAL(EVP_PKEY_eq(key, other), 1);
	CU_ASSERT_EQUAL(EVP_PKEY_eq(key, same), 0);
	ERR_clear_error();
	EVP_PKEY_free(key);
	EVP_PKEY_free(same);
	SSL_CTX_free(server);
	X509_free(certificate);
	EVP_PKEY_free(one);
	EVP_PKEY_free(other);
}

/* Kinds that TLS has no number for here. */
static void
other_kinds_are_refused(void)
{
	const struct tls_signer signer = { NULL, NULL };
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");

	CU_ASSERT_PTR_NULL(tls_provider_key(provider, key, &signer));
	EVP_PKEY_free(key);
	ERR_clear_error();
}

static void
no_signature_no_handshake(void)
{
	static const struct {
		int error;
		const char *words;
	} rows[] = {
		{ -ETIMEDOUT, "no signature: the keeper did not answer in "
			"time" },
		{ -EPIPE, "no signature: the keeper has exited" },
		{ -ENOKEY, "no signature: the private key is not available" },
		{ -EPERM, "no signature: the keeper refused the request" },
		{ -EIO, "no signature: the keeper failed" },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		EVP_PKEY *key = tls_pki_new_key("P-256");
		X509 *certificate = certify(key);
		struct owner owner = { .error = rows[i / 2].error };
		struct tls_signer signer = { sign_for, &owner };
		SSL_CTX *server = server_for(certificate, &signer);
		SSL_CTX *client = client_of(i % 2 == 0 ? TLS1_2_VERSION :
			TLS1_3_VERSION);
		char text[160];

		if (rows[i / 2].error == -ENOKEY)
			signer.sign = NULL;
		ERR_clear_error();
		CU_ASSERT_FALSE(shake_hands(server, client));
		CU_ASSERT_STRING_EQUAL(tls_library_error(text, sizeof(text),
			NULL), rows[i / 2].words);
		SSL_CTX_free(client);
		SSL_CTX_free(server);
		X509_free(certificate);
		EVP_PKEY_free(key);
	}
}

/* No public half passes for a private one. */
static void
nothing_private_is_given_out(void)
{
	EVP_PKEY *key = tls_pki_new_key("RSA");
	const struct tls_signer signer = { NULL, NULL };
	EVP_PKEY *ours = tls_provider_key(provider, key, &signer);
	OSSL_PARAM *params = NULL;
	BIGNUM *number = NULL;

	CU_ASSERT_EQUAL(EVP_PKEY_todata(ours, EVP_PKEY_PUBLIC_KEY, &params),
		1);
	OSSL_PARAM_free(params);
	params = NULL;
	CU_ASSERT_EQUAL(EVP_PKEY_todata(ours, EVP_PKEY_KEYPAIR, &params), 0);
	OSSL_PARAM_free(params);
	CU_ASSERT_EQUAL(EVP_PKEY_get_bn_param(ours, "d", &number), 0);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(key);
	ERR_clear_error();
}

/* Who looks for RSA elsewhere finds OpenSSL's. */
static void
others_do_not_see_it(void)
{
	EVP_PKEY *key = tls_pki_new_key("RSA");
	EVP_KEYMGMT *found = EVP_KEYMGMT_fetch(NULL, "RSA", NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	CU_ASSERT_STRING_NOT_EQUAL(OSSL_PROVIDER_get0_name(
		EVP_KEYMGMT_get0_provider(found)), "sureftpd");
	CU_ASSERT_STRING_NOT_EQUAL(OSSL_PROVIDER_get0_name(
		EVP_PKEY_get0_provider(key)), "sureftpd");
	CU_ASSERT_PTR_NULL(EVP_KEYMGMT_fetch(NULL, "RSA",
		"provider=sureftpd"));
	EVP_KEYMGMT_free(found);
	EVP_PKEY_free(key);
	ERR_clear_error();
}

static void
end(void)
{
	tls_provider_free(provider);
	tls_provider_free(NULL);
}

CU_TestInfo unit_tests[] = {
	{ "the provider is there", begin },
	{ "every kind of key serves TLS 1.2 and 1.3", every_kind_serves },
	{ "every scheme is asked for by its number",
		every_scheme_is_asked_for },
	{ "a key that does not fit its certificate is refused",
		another_key_does_not_fit },
	{ "keys that cannot sign are refused", other_kinds_are_refused },
	{ "without a signature there is no handshake",
		no_signature_no_handshake },
	{ "nothing private is given out", nothing_private_is_given_out },
	{ "the provider is only visible to its own library context",
		others_do_not_see_it },
	{ "everything can be freed", end },
	CU_TEST_INFO_NULL,
};
