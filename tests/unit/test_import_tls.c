/*
 * test_import_tls.c - TLS of vsftpd: versions, ciphers, certificates of
 * clients.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_tls";

#define TLS "local_enable=YES\nssl_enable=YES\n" \
	"rsa_cert_file=/etc/no-such.pem\n"

struct expected {
	const char *text;		/* after TLS */
	const char *key, *value;	/* in [tls]; NULL: it is not set */
	const char *option;
	enum import_verdict verdict;
};

static bool
has_key(const struct import *i, const char *key)
{
	for (size_t n = 0; n < i->draft.count; n++)
		if (strcmp(i->draft.entries[n].section, "tls") == 0 &&
		    strcmp(i->draft.entries[n].key, key) == 0)
			return true;
	return false;
}

static void
check(const struct expected *e, size_t count)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < count; n++) {
		BUFFER(text, 1024);
		buffer_addf(&text, TLS "%s", e[n].text);
		imported(&i, buffer_text(&text));
		if (e[n].value != NULL)
			imported_expect(&i, "tls", e[n].key, e[n].value);
		else
			CU_ASSERT_FALSE(has_key(&i, e[n].key));
		enum import_verdict got = imported_verdict(&i, e[n].option);
		if (got != e[n].verdict)
			printf("\n  row %zu: verdict %d", n, (int)got);
		CU_ASSERT_EQUAL(got, e[n].verdict);
		import_free(&i);
	}
	scratch_close(&t);
}

static void
test_versions(void)
{
	static const struct expected rows[] = {
		{ "ssl_tlsv1=YES\n", "min_version", "1.2", "ssl_tlsv1",
			IMPORT_CHANGED },
		{ "ssl_tlsv1=NO\n", "min_version", "1.2", "ssl_tlsv1",
			IMPORT_DEFAULT },
		{ "ssl_tlsv1_2=NO\n", "min_version", "1.3", "ssl_tlsv1_2",
			IMPORT_SAME },
		{ "ssl_tlsv1_3=NO\n", "openssl_commands",
			"MaxProtocol TLSv1.2", "ssl_tlsv1_3", IMPORT_SAME },
		{ "ssl_tlsv1_2=NO\nssl_tlsv1_3=NO\n", "min_version", NULL,
			"ssl_tlsv1_2", IMPORT_REFUSED },
	};

	check(rows, ARRAY_SIZE(rows));
}

static void
test_ciphers(void)
{
	static const struct expected rows[] = {
		{ "ssl_ciphers=ECDHE-RSA-AES128-GCM-SHA256\n", "ciphers",
			"ECDHE-RSA-AES128-GCM-SHA256", "ssl_ciphers",
			IMPORT_SAME },
		{ "ssl_ciphers=PROFILE=SYSTEM\n", "ciphers", NULL,
			"ssl_ciphers", IMPORT_CHANGED },
		{ "ssl_ciphers=NO-SUCH\n", "ciphers", NULL, "ssl_ciphers",
			IMPORT_REFUSED },
	};

	check(rows, ARRAY_SIZE(rows));
}

/* vsftpd asks for a certificate unless ssl_request_cert is off, and believes
 * any unless validate_cert is on. */
static void
test_client_certificates(void)
{
#define CA "ca_certs_file=/etc/no-such-ca.pem\n"
	static const struct expected rows[] = {
		{ "validate_cert=YES\n" CA, "client_certificate", "request",
			"ca_certs_file", IMPORT_SAME },
		{ "validate_cert=YES\n" CA, "client_ca",
			"/etc/no-such-ca.pem", "validate_cert", IMPORT_SAME },
		{ "validate_cert=YES\nrequire_cert=YES\n" CA,
			"client_certificate", "require", "require_cert",
			IMPORT_SAME },
		{ "validate_cert=YES\nssl_request_cert=NO\n" CA,
			"client_certificate", NULL, "ssl_request_cert",
			IMPORT_DEFAULT },
		{ "validate_cert=YES\nrequire_cert=YES\nssl_request_cert=NO\n"
			CA, "client_ca", NULL, "require_cert",
			IMPORT_DEFAULT },
		{ CA, "client_ca", NULL, "ca_certs_file", IMPORT_DEFAULT },
		{ "require_cert=YES\n" CA, "client_certificate", "require",
			"require_cert", IMPORT_CHANGED },
		{ "require_cert=YES\n", "client_certificate", NULL,
			"require_cert", IMPORT_REFUSED },
		{ "validate_cert=YES\n", "client_certificate", NULL,
			"validate_cert", IMPORT_CHANGED },
		{ "validate_cert=YES\nrequire_cert=YES\n",
			"client_certificate", "require", "require_cert",
			IMPORT_REFUSED },
	};

	check(rows, ARRAY_SIZE(rows));
}

CU_TestInfo unit_tests[] = {
	{ "versions of TLS", test_versions },
	{ "ciphers", test_ciphers },
	{ "certificates of clients", test_client_certificates },
	CU_TEST_INFO_NULL,
};
