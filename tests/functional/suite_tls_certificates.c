/*
 * suite_tls_certificates.c - selection and files of certificates (rows S70, S71
 * and S75).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <sys/stat.h>

const char *const functional_name = "tls_certificates";

/* S70, S71 */
static void
test_two_keys(void)
{
	static const struct {
		const char *ciphers, *key, *name;
	} rows[] = {
		{ "ECDHE-RSA-AES128-GCM-SHA256", "RSA", "rsa.example" },
		{ "ECDHE-ECDSA-AES128-GCM-SHA256", "EC", "ec.example" },
	};
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ftps_init(&t);
		t.version = TLS1_2_VERSION;
		t.ciphers = rows[i].ciphers;
		CHECK(ftps_begin(&t) && ftps_handshake(&t));
		CHECK_TEXT(ftps_server_key(&t), rows[i].key);
		CHECK_TEXT(ftps_server_name(&t), rows[i].name);
		CHECK(ftps_login(&t, "anna"));
		CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_key_apart(void)
{
	struct server s;
	struct ftps t;

	ftps_certs_write();
	if (!SERVER(&s, "tls.certificate=" CERTS "plain.pem",
		    "tls.private_key=" CERTS "plain.key"))
		return;
	ftps_init(&t);
	CHECK(ftps_begin(&t) && ftps_handshake(&t));
	CHECK_TEXT(ftps_server_name(&t), "plain.example");
	ftp_close(&t.c);
	server_stop(&s);
	CHECK_NUMBER(logged_times(0, "*plain.key*"), 0);
	/* A world-readable key is used, with a warning. */
	chmod(CERTS "plain.key", 0644);
	if (!SERVER(&s, "tls.certificate=" CERTS "plain.pem",
		    "tls.private_key=" CERTS "plain.key"))
		return;
	CHECK_LOGGED(0, "warning " CERTS "plain.key: all users can read "
		"or change the private key (mode 0644)");
	server_stop(&s);
}

static void
test_sni(void)
{
	static const char *const rows[][2] = {
		{ "other.example", "other.example" },
		{ "OTHER.example", "other.example" },
		{ "unknown.example", "ec.example" },
		{ NULL, "ec.example" },
	};
	struct server s;

	server_configure("[tls \"other.example\"]\n"
			 "certificate = " CERTS "other.pem\n");
	if (!FTPS_SERVER(&s))
		return;
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			struct ftps t;
			ftps_init(&t);
			t.version = version;
			t.name = rows[i][0];
			CHECK(ftps_begin(&t) && ftps_handshake(&t));
			CHECK_TEXT(ftps_server_name(&t), rows[i][1]);
			CHECK(ftps_login(&t, "anna"));
			CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
			ftp_close(&t.c);
		}
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "RSA and ECDSA side by side", test_two_keys },
	{ "a key in a file of its own; a warning when others can read it",
		test_key_apart },
	{ "the name that a client asks for selects the certificate",
		test_sni },
	CU_TEST_INFO_NULL,
};
