/*
 * suite_tls_handshake.c - versions, ciphers, protocols, time (rows S69 and
 * S72, rule R15).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"

const char *const functional_name = "tls_handshake";

/* Does a client with these wishes get a handshake? */
static bool
accepted(struct ftps *t)
{
	bool good = ftps_begin(t) && ftps_handshake(t);

	ftp_close(&t->c);
	return good;
}

static void
test_versions(void)
{
	static const struct {
		int version;
		bool good, good_1_3;
		const char *name;
	} rows[] = {
		{ SSL3_VERSION, false, false, "SSLv3" },
		{ TLS1_VERSION, false, false, "TLSv1" },
		{ TLS1_1_VERSION, false, false, "TLSv1.1" },
		{ TLS1_2_VERSION, true, false, "TLSv1.2" },
		{ TLS1_3_VERSION, true, true, "TLSv1.3" },
	};
	struct server s;

	for (int only_1_3 = 0; only_1_3 < 2; only_1_3++) {
		if (!FTPS_SERVER(&s, only_1_3 ? "tls.min_version=1.3"
					      : "tls.min_version=1.2"))
			return;
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct ftps t;
			ftps_init(&t);
			t.version = rows[i].version;
			t.ciphers = "ALL:@SECLEVEL=0";
			bool wanted = only_1_3 ? rows[i].good_1_3
					       : rows[i].good;
			CHECK_SAYS(accepted(&t) == wanted, "%s: %s",
				rows[i].name, t.error);
		}
		server_stop(&s);
	}
}

/* The minimum, which openssl_commands cannot override. */
static void
test_versions_stay_refused(void)
{
	struct server s;
	struct ftps t;

	server_configure("[tls]\nopenssl_commands = MinProtocol TLSv1\n"
			 "openssl_commands = CipherString ALL:@SECLEVEL=0\n");
	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_1_VERSION;
	t.ciphers = "ALL:@SECLEVEL=0";
	CHECK(!accepted(&t));
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK_SAYS(accepted(&t), "%s", t.error);
	server_stop(&s);
}

static void
test_weak_ciphers(void)
{
	static const char *const weak[] = { "NULL", "aNULL", "RC4", "3DES",
		"DES", "EXPORT", "MD5", "CBC", "AES128-GCM-SHA256", "kRSA",
		"ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384",
		"DHE-RSA-AES128-GCM-SHA256", "PSK", "CAMELLIA", "ARIA" };
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(weak); i++) {
		char list[128];
		struct ftps t;
		SSL_CTX *known = SSL_CTX_new(TLS_client_method());
		snprintf(list, sizeof(list), "%s:@SECLEVEL=0", weak[i]);
		/* The library may no longer support them. */
		bool exists = SSL_CTX_set_cipher_list(known, list) == 1;
		SSL_CTX_free(known);
		if (!exists)
			continue;
		ftps_init(&t);
		t.version = TLS1_2_VERSION;
		t.ciphers = list;
		CHECK_SAYS(!accepted(&t), "%s was accepted", weak[i]);
	}
	server_stop(&s);
}

/* S72: the server's order applies, and only the configured ones are offered. */
static void
test_ciphers(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	t.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384:"
		    "ECDHE-ECDSA-AES128-GCM-SHA256";
	CHECK(ftps_begin(&t) && ftps_handshake(&t));
	CHECK_TEXT(ftps_cipher(&t), "ECDHE-ECDSA-AES128-GCM-SHA256");
	CHECK(SSL_get_current_compression(t.control) == NULL);
	ftp_close(&t.c);
	server_stop(&s);

	if (!SERVER(&s, "tls.ciphers=ECDHE+CHACHA20", "tls.groups=P-384",
		    "tls.ciphersuites=TLS_CHACHA20_POLY1305_SHA256"))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK(ftps_begin(&t) && ftps_handshake(&t));
	CHECK_HAS(ftps_cipher(&t), "CHACHA20");
	ftp_close(&t.c);
	ftps_init(&t);
	CHECK(ftps_begin(&t) && ftps_handshake(&t));
	CHECK_TEXT(ftps_cipher(&t), "TLS_CHACHA20_POLY1305_SHA256");
	CHECK_NUMBER(SSL_get_negotiated_group(t.control), NID_secp384r1);
	ftp_close(&t.c);
	ftps_init(&t);
	t.groups = "X25519";
	CHECK(!accepted(&t));
	server_stop(&s);
}

static void
test_alpn(void)
{
	static const struct {
		const char *alpn;
		bool good;
	} rows[] = {
		{ "\3ftp", true },
		{ "\10http/1.1\3ftp", true },
		{ "\10http/1.1", false },
		{ "\2h2\10http/1.1", false },
		{ "\4smtp", false },
		{ "\4ftps", false },
	};
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const uint8_t *chosen = NULL;
		unsigned len = 0;
		struct ftps t;
		ftps_init(&t);
		t.alpn = rows[i].alpn;
		bool good = ftps_begin(&t) && ftps_handshake(&t);
		CHECK_SAYS(good == rows[i].good, "%s: %s", rows[i].alpn,
			t.error);
		if (good)
			SSL_get0_alpn_selected(t.control, &chosen, &len);
		CHECK(!good || (len == 3 && memcmp(chosen, "ftp", 3) == 0));
		CHECK_NUMBER(t.control_alert,
			good ? -1 : SSL_AD_NO_APPLICATION_PROTOCOL);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_implicit(void)
{
	struct server s;
	struct ftps t;

	server_configure("[listener explicit]\nport = 21\n"
			 "[listener implicit]\nport = 990\ntls = implicit\n"
			 "[listener clear]\nport = 2121\ntls = off\n");
	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftps_connect_implicit(&t, 990), 220);
	EXPECT(&t.c, 503, "AUTH TLS");
	CHECK(ftps_login(&t, "anna"));
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	CHECK(t.resumed);
	ftp_close(&t.c);
	/* Explicit at the same time. */
	ftps_init(&t);
	CHECK(ftps_enter(&t, "anna"));
	ftp_close(&t.c);
	/* If TLS is off it is not offered. */
	ftp_init(&t.c, FTP_HOST, NULL);
	t.c.fd = network_connect(FTP_HOST, 2121, NULL);
	EXPECT_REPLY(&t.c, 220);
	EXPECT(&t.c, 211, "FEAT");
	CHECK_LACKS(t.c.text, "AUTH");
	ftp_command(&t.c, "AUTH TLS");
	CHECK_SAYS(t.c.code >= 400, "%s", t.c.text);
	ftp_close(&t.c);
	/* No cleartext on the implicit listener. */
	ftp_init(&t.c, FTP_HOST, NULL);
	t.c.fd = network_connect(FTP_HOST, 990, NULL);
	CHECK(!ftp_replies_within(&t.c, 300));
	ftp_close(&t.c);
	server_stop(&s);
}

/* It ends after handshake_timeout, with slow bytes or with none. */
static void
test_slow_handshake(void)
{
	uint8_t hello[4096];
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.handshake_timeout=1"))
		return;
	for (int drip = 0; drip < 2; drip++) {
		ftps_init(&t);
		if (!ftps_begin(&t))
			return;
		size_t len = ftps_client_hello(&t, hello, sizeof(hello));
		int64_t before = clock_ms();
		for (size_t i = 0; drip && i < len; i++) {
			if (network_readable(t.c.fd, 50))
				break;
			ftp_send(&t.c, hello + i, 1);
		}
		CHECK(network_readable(t.c.fd, 3000));
		int64_t took = clock_ms() - before;
		CHECK_SAYS(took > 700 && took < 2500, "it took %lld ms",
			(long long)took);
		ftp_close(&t.c);
	}
	CHECK_NUMBER(logged_times(0, "warning * greeter: TLS handshake "
		"failed: not completed within handshake_timeout"), 2);
	/* One that is slow, but not too slow, is served. */
	ftps_init(&t);
	if (ftps_begin(&t)) {
		/* The delay is part of the test. */
		wait_for_time(400);
		CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
		wait_for_time(900);
		CHECK(ftps_login(&t, "anna"));
	}
	ftp_close(&t.c);
	server_stop(&s);
}

/* The log names the timer that fired. */
static void
test_slower_than_login(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "limits.login_timeout=1"))
		return;
	ftps_init(&t);
	if (!ftps_begin(&t))
		return;
	CHECK(network_readable(t.c.fd, 3000));
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 greeter: TLS "
		"handshake failed: not completed within login_timeout");
	ftp_close(&t.c);
	server_stop(&s);
}

static bool
shows_data(void *context)
{
	struct ftps *t = context;

	EXPECT(&t->c, 211, "STAT");
	return strstr(t->c.text, "data connection:") != NULL;
}

/* Of the data connection: the one that is open, or the last. */
static void
check_data_facts(struct ftps *t, int session)
{
	char facts[200];

	snprintf(facts, sizeof(facts), "data connection: %s, %s, resumed",
		ftps_version(t), ftps_cipher(t));
	CHECK_NUMBER(ftp_start(&t->c, "STOR f"), 150);
	/* Our side may have its handshake done before the server has. */
	CHECK(wait_until(shows_data, t, 5000));
	CHECK_HAS(t->c.text, facts);
	CHECK_HAS(t->c.text, "Current data connection");
	CHECK_NUMBER(ftp_finish(&t->c), 226);
	EXPECT(&t->c, 211, "STAT");
	CHECK_HAS(t->c.text, facts);
	CHECK_HAS(t->c.text, "Last data connection");
	CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/f\" as ASCII complete, 0 bytes in * s, %s, %s, "
		"resumed", session, ftps_version(t), ftps_cipher(t));
	/* A connection without TLS shows none. */
	EXPECT(&t->c, 200, "PROT C");
	t->clear_data = true;
	CHECK_NUMBER(ftp_put(&t->c, "clear", 5, "STOR f"), 226);
	EXPECT(&t->c, 211, "STAT");
	CHECK_LACKS(t->c.text, "data connection:");
	CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/f\" as ASCII complete, 5 bytes in *.* s",
		session);
}

static void
test_facts_are_told(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int session = 1; session <= 2; session++) {
		ftps_init(&t);
		t.version = session == 1 ? TLS1_2_VERSION : TLS1_3_VERSION;
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 211, "STAT");
		CHECK_HAS(t.c.text, ftps_version(&t));
		CHECK_HAS(t.c.text, ftps_cipher(&t));
		CHECK_LACKS(t.c.text, "data connection:");
		CHECK_HAS(t.c.text, ", not resumed. PROT P");
		CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 greeter: "
			"TLS on the control connection: %s, %s, not resumed",
			session, ftps_version(&t), ftps_cipher(&t));
		check_data_facts(&t, session);
		ftp_close(&t.c);
	}
	ftp_enter(&t.c, "anna");
	EXPECT(&t.c, 211, "STAT");
	CHECK_LACKS(t.c.text, "TLSv1");
	ftp_close(&t.c);
	server_stop(&s);
}

/* R15: the control connection's first handshake is its only one. */
static void
test_renegotiation(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int login = 0; login < 2; login++) {
		ftps_init(&t);
		t.version = TLS1_2_VERSION;
		CHECK(ftps_connect(&t));
		CHECK(!login || ftps_login(&t, "anna"));
		CHECK(!ftps_renegotiate(t.control));
		ftp_close(&t.c);
	}
	/* TLS 1.3 has new keys instead, before and after login. */
	ftps_init(&t);
	t.version = TLS1_3_VERSION;
	CHECK(ftps_connect(&t));
	CHECK(SSL_key_update(t.control, SSL_KEY_UPDATE_REQUESTED) == 1);
	CHECK(ftps_login(&t, "anna"));
	CHECK(SSL_key_update(t.control, SSL_KEY_UPDATE_REQUESTED) == 1);
	for (int i = 0; i < 3; i++)
		EXPECT(&t.c, 200, "NOOP");
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "TLS 1.2 and 1.3, nothing older", test_versions },
	{ "no setting enables older versions", test_versions_stay_refused },
	{ "weak ciphers are refused", test_weak_ciphers },
	{ "ciphers and groups as set, in the server's order", test_ciphers },
	{ "ALPN must contain ftp", test_alpn },
	{ "listeners with explicit, implicit and no TLS in one server",
		test_implicit },
	{ "handshake_timeout ends a slow handshake", test_slow_handshake },
	{ "login_timeout ends a slow handshake", test_slower_than_login },
	{ "STAT and log show the TLS version of each connection",
		test_facts_are_told },
	{ "no renegotiation, but key updates", test_renegotiation },
	CU_TEST_INFO_NULL,
};
