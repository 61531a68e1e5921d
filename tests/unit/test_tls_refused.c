/*
 * test_tls_refused.c - settings of TLS and files that do not load, and what is
 * said about them.
 */
#include "common/base.h"
#include "common/tls/tls_server.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <openssl/pem.h>

const char *const unit_name = "tls_refused";

#define PAIR "[tls]\ncertificate = $D/other.pem\n"

/* Must not load, for a reason that has these words in it. */
static void
refused(const char *text, const char *words)
{
	struct complaints c;
	struct tls_server *server = tls_pair_from(text, &c);

	CU_ASSERT_PTR_NULL(server);
	CU_ASSERT_EQUAL(c.count, 1);
	if (strstr(buffer_text(&c.text), words) == NULL) {
		printf("expected \"%s\" in: %s", words, buffer_text(&c.text));
		CU_FAIL("another complaint");
	}
	tls_server_free(server);
}

/* They are the administrator's text, and go to a terminal. */
static void
complaints_show_names_and_values_escaped(void)
{
	refused("[tls]\ncertificate = $D/\xbe\xc2\x85.pem",
		"/\\xBE\\xC2\\x85.pem: cannot be read");
	refused("[tls]\ncertificate = $D/other.pem\ngroups = X25519:\xbe",
		"[tls] groups: X25519:\\xBE: ");
	refused("[tls]\ncertificate = $D/other.pem\nopenssl_commands = \xbe \\",
		"[tls] openssl_commands: \\xBE \\x5C: ");
}

static void
broken_files_are_named(void)
{
	CU_ASSERT_EQUAL(tls_pki_write("junk.pem", "no PEM at all\n", 0600), 0);
	refused("[tls]\ncertificate = $D/none.pem",
		"none.pem: cannot be read: No such file or directory");
	refused("[tls]\ncertificate = $D", "cannot be read: Is a directory");
	refused("[tls]\ncertificate = $D/junk.pem",
		"junk.pem: has no certificate in PEM");
	refused("[tls]\ncertificate = $D/rsa.pem",
		"rsa.pem: has no private key in PEM");
	refused("[tls]\ncertificate = $D/rsa.pem\nprivate_key = $D/junk.pem",
		"junk.pem: has no private key in PEM");
	refused("[tls]\ncertificate = $D/other.pem\nprivate_key = $D/ec.key",
		"ec.key: the private key does not match the certificate in ");
	refused("[tls]\ncertificate = $D/rsa.pem\nprivate_key = $D/ec.key",
		"ec.key: the private key does not match the certificate in ");
	refused("[tls]\ncertificate = $D/other.pem $D/ec.pem\n"
		"private_key = $D/other.pem $D/ec.key",
		"ec.pem: there is already a certificate for this kind of key");
	CU_ASSERT_EQUAL(unlink(tls_pki_path("junk.pem")), 0);
}

static void
passphrases_are_not_asked_for(void)
{
	EVP_PKEY *key = tls_pki_key("ec.key");
	FILE *file = fopen(tls_pki_path("locked.key"), "we");

	CU_ASSERT_EQUAL(PEM_write_PrivateKey(file, key, EVP_aes_128_cbc(),
		(const unsigned char *)"secret", 6, NULL, NULL), 1);
	fclose(file);
	EVP_PKEY_free(key);
	refused("[tls]\ncertificate = $D/ec.pem\nprivate_key = $D/locked.key",
		"locked.key: the private key has a passphrase");
	CU_ASSERT_EQUAL(unlink(tls_pki_path("locked.key")), 0);
}

static void
broken_wishes_are_named(void)
{
	refused(PAIR "ciphers = ROT13",
		"[tls] ciphers: ROT13: no cipher match");
	refused(PAIR "ciphersuites = TLS_ROT13",
		"[tls] ciphersuites: TLS_ROT13: ");
	refused(PAIR "groups = bends", "[tls] groups: bends: a group is "
		"unknown or named twice");
	refused(PAIR "openssl_commands = Frobnicate yes",
		"[tls] openssl_commands: Frobnicate yes: ");
	refused(PAIR "openssl_commands = Ciphersuites",
		"[tls] openssl_commands: Ciphersuites: ");
	refused(PAIR "client_certificate = require\nclient_ca = $D/none.pem",
		"none.pem: cannot be read: No such file or directory");
	refused(PAIR "client_certificate = require\nclient_ca = $D/ec.key",
		"ec.key: has no certificates of authorities in PEM");
	refused(PAIR "client_certificate = require\nclient_ca = $D/ca.pem\n"
		"client_crl = $D/ca.pem",
		"ca.pem: has no list of revoked certificates in PEM");
}

/* bad.pem: the file, and then the same again, damaged: cut off, or with a
 * character that is not base64. */
static void
write_damaged(const char *from, bool cut)
{
	char text[2 * 8192] = "";
	FILE *file = fopen(tls_pki_path(from), "re");
	size_t len = fread(text, 1, sizeof(text) / 2 - 1, file);

	fclose(file);
	memcpy(text + len, text, len);
	text[len + len / 2] = cut ? '\0' : '!';
	CU_ASSERT_EQUAL_FATAL(tls_pki_write("bad.pem", text, 0600), 0);
}

static void
damaged_blocks_are_no_end(void)
{
	for (int cut = 0; cut <= 1; cut++) {
		const char *why = cut ? ": bad end line" :
			": bad base64 decode";

		write_damaged("rsa.pem", cut);
		refused("[tls]\ncertificate = $D/bad.pem\n"
			"private_key = $D/rsa.key", why);
		write_damaged("ca.pem", cut);
		refused(PAIR "client_certificate = require\n"
			"client_ca = $D/bad.pem", why);
		write_damaged("crl.pem", cut);
		refused(PAIR "client_certificate = require\n"
			"client_ca = $D/ca.pem\nclient_crl = $D/bad.pem", why);
	}
	CU_ASSERT_EQUAL(tls_pki_write("bad.pem", "-----BEGIN CERTIFICATE-----\n"
		"!\n-----END CERTIFICATE-----\n", 0600), 0);
	refused("[tls]\ncertificate = $D/bad.pem",
		"bad.pem: the certificate cannot be read: bad base64 decode");
	CU_ASSERT_EQUAL(unlink(tls_pki_path("bad.pem")), 0);
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
	{"complaints are escaped", complaints_show_names_and_values_escaped},
	{"broken files are named", broken_files_are_named},
	{"a damaged block is not taken for the end of a file",
		damaged_blocks_are_no_end},
	{"passphrases are not asked for", passphrases_are_not_asked_for},
	{"broken wishes are named", broken_wishes_are_named},
	{"the files go again", end},
	CU_TEST_INFO_NULL,
};
