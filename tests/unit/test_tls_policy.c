/*
 * test_tls_policy.c - versions and ciphers: what settings choose, and what
 * they cannot.
 */
#include "common/base.h"
#include "common/tls/tls_context.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "tls_policy";

#define PAIR "[tls]\ncertificate = $D/other.pem\n"

/* Does a client of this version and cipher get in? */
static bool
lets_in(const char *wishes, int version, const char *cipher)
{
	struct complaints c;
	struct tls_server *server = tls_pair_from(wishes, &c);
	SSL_CTX *client = tls_pair_client(version);
	struct tls_pair p;
	bool in = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	if (cipher != NULL)
		CU_ASSERT_EQUAL(SSL_CTX_set_cipher_list(client, cipher), 1);
	in = tls_pair_open(&p, server, TLS_CONTROL, &tls_pair_binding,
			client, NULL);
	tls_pair_free(&p);
	tls_server_free(server);
	SSL_CTX_free(client);
	return in;
}

static void
wishes_are_followed_but_not_below_1_2(void)
{
	const char *aes256 = "ECDHE-ECDSA-AES256-GCM-SHA384";

	CU_ASSERT_TRUE(lets_in(PAIR, TLS1_2_VERSION, aes256));
	CU_ASSERT_FALSE(lets_in(PAIR "min_version = 1.3", TLS1_2_VERSION,
		NULL));
	CU_ASSERT_TRUE(lets_in(PAIR "min_version = 1.3", TLS1_3_VERSION,
		NULL));
	CU_ASSERT_FALSE(lets_in(PAIR
		"ciphers = ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION,
		aes256));
	CU_ASSERT_FALSE(lets_in(PAIR "openssl_commands = "
		"CipherString ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION,
		aes256));
	CU_ASSERT_FALSE(lets_in(PAIR "openssl_commands = MaxProtocol TLSv1.2",
		TLS1_3_VERSION, NULL));
	CU_ASSERT_FALSE(lets_in(PAIR "openssl_commands = MinProtocol TLSv1\n"
		"openssl_commands = CipherString ALL:@SECLEVEL=0",
		TLS1_1_VERSION, NULL));
}

/* The server's order counts, and AES-128 goes first where it is fast. */
static void
the_server_orders_ciphers(void)
{
	static const char *const firsts[] = { "ECDHE-ECDSA-AES128-GCM-SHA256",
		"TLS_AES_128_GCM_SHA256" };
	struct complaints c;
	struct tls_server *server = tls_pair_from(PAIR, &c);

	if (!tls_context_has_aes()) {
		printf("SKIP (no AES instructions): AES-128 goes first\n");
		return tls_server_free(server);
	}
	for (int i = 0; i < 2; i++) {
		SSL_CTX *client = tls_pair_client(TLS1_2_VERSION + i);
		struct tls_pair p;

		SSL_CTX_set_cipher_list(client, "ECDHE-ECDSA-AES256-GCM-SHA384:"
			"ECDHE-ECDSA-AES128-GCM-SHA256");
		SSL_CTX_set_ciphersuites(client, "TLS_AES_256_GCM_SHA384:"
			"TLS_AES_128_GCM_SHA256");
		CU_ASSERT_TRUE(tls_pair_open(&p, server, TLS_CONTROL,
			&tls_pair_binding, client, NULL));
		CU_ASSERT_STRING_EQUAL(SSL_get_cipher_name(p.client),
			firsts[i]);
		tls_pair_free(&p);
		SSL_CTX_free(client);
	}
	tls_server_free(server);
}

static void
chacha_can_go_first(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	CU_ASSERT_TRUE(tls_context_prefer_chacha(context,
		"ECDHE+AESGCM+AES128:ECDHE+AESGCM:ECDHE+CHACHA20",
		"TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"));
	STACK_OF(SSL_CIPHER) *all = SSL_CTX_get_ciphers(context);
	static const char *const expected[] = { "TLS_CHACHA20_POLY1305_SHA256",
		"TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
		"ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-GCM-SHA256",
		"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
		"ECDHE-RSA-AES256-GCM-SHA384" };
	CU_ASSERT_EQUAL(sk_SSL_CIPHER_num(all), (int)ARRAY_SIZE(expected));
	for (int i = 0; i < sk_SSL_CIPHER_num(all); i++)
		CU_ASSERT_STRING_EQUAL(SSL_CIPHER_get_name(
			sk_SSL_CIPHER_value(all, i)), expected[i]);
	SSL_CTX_free(context);
}

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
}

static void
end(void)
{
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made", begin},
	{"wishes are followed, but never below TLS 1.2",
		wishes_are_followed_but_not_below_1_2},
	{"ciphers go in the server's order", the_server_orders_ciphers},
	{"ChaCha20 first without AES instructions", chacha_can_go_first},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
