/*
 * test_import_tls.c - TLS of vsftpd: versions, ciphers, certificates of
 * clients.
 */
#include "common/base.h"

#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_tls";

#define TLS "local_enable=YES\nssl_enable=YES\n" \
	"rsa_cert_file=/etc/no-such.pem\n"

static void
check(const struct imported_row *rows, size_t count)
{
	struct scratch t;

	scratch_open(&t);
	imported_check(TLS, rows, count);
	scratch_close(&t);
}

static void
test_versions(void)
{
	static const struct imported_row rows[] = {
		{ "ssl_tlsv1=YES\n", "tls", "min_version", "1.2", "ssl_tlsv1",
			IMPORT_CHANGED },
		{ "ssl_tlsv1=NO\n", "tls", "min_version", "1.2", "ssl_tlsv1",
			IMPORT_DEFAULT },
		{ "ssl_tlsv1_2=NO\n", "tls", "min_version", "1.3",
			"ssl_tlsv1_2", IMPORT_SAME },
		{ "ssl_tlsv1_3=NO\n", "tls", "openssl_commands",
			"MaxProtocol TLSv1.2", "ssl_tlsv1_3", IMPORT_SAME },
		{ "ssl_tlsv1_2=NO\nssl_tlsv1_3=NO\n", "tls", "min_version",
			NULL, "ssl_tlsv1_2", IMPORT_REFUSED },
	};

	check(rows, ARRAY_SIZE(rows));
}

static void
test_ciphers(void)
{
	static const struct imported_row rows[] = {
		{ "ssl_ciphers=ECDHE-RSA-AES128-GCM-SHA256\n", "tls", "ciphers",
			"ECDHE-RSA-AES128-GCM-SHA256", "ssl_ciphers",
			IMPORT_SAME },
		{ "ssl_ciphers=PROFILE=SYSTEM\n", "tls", "ciphers", NULL,
			"ssl_ciphers", IMPORT_CHANGED },
		{ "ssl_ciphers=NO-SUCH\n", "tls", "ciphers", NULL,
			"ssl_ciphers", IMPORT_REFUSED },
	};

	check(rows, ARRAY_SIZE(rows));
}

/* vsftpd asks for a certificate unless ssl_request_cert is off, and believes
 * any unless validate_cert is on. */
static void
test_client_certificates(void)
{
#define CA "ca_certs_file=/etc/no-such-ca.pem\n"
	static const struct imported_row rows[] = {
		{ "validate_cert=YES\n" CA, "tls", "client_certificate",
			"request", "ca_certs_file", IMPORT_SAME },
		{ "validate_cert=YES\n" CA, "tls", "client_ca",
			"/etc/no-such-ca.pem", "validate_cert", IMPORT_SAME },
		{ "validate_cert=YES\nrequire_cert=YES\n" CA, "tls",
			"client_certificate", "require", "require_cert",
			IMPORT_SAME },
		{ "validate_cert=YES\nssl_request_cert=NO\n" CA, "tls",
			"client_certificate", NULL, "ssl_request_cert",
			IMPORT_DEFAULT },
		{ "validate_cert=YES\nrequire_cert=YES\nssl_request_cert=NO\n"
			CA, "tls", "client_ca", NULL, "require_cert",
			IMPORT_DEFAULT },
		{ CA, "tls", "client_ca", NULL, "ca_certs_file",
			IMPORT_DEFAULT },
		{ "require_cert=YES\n" CA, "tls", "client_certificate",
			"require", "require_cert", IMPORT_CHANGED },
		{ "require_cert=YES\n", "tls", "client_certificate", NULL,
			"require_cert", IMPORT_REFUSED },
		{ "validate_cert=YES\n", "tls", "client_certificate", NULL,
			"validate_cert", IMPORT_CHANGED },
		{ "validate_cert=YES\nrequire_cert=YES\n", "tls",
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
