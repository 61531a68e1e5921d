/*
 * suite_vsftpd_tls.c - sureftpd --import-vsftpd: certificates and keys.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/moving.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "vsftpd_tls";

#define CONF   MOVING_CONF
#define NEW    MOVING_NEW
#define REPORT MOVING_REPORT
#define LOCAL  MOVING_LOCAL
#define RUN    MOVING_RUN

#define TLS LOCAL "ssl_enable=YES\nrsa_cert_file=" CERTS

static void
test_certificates(void)
{
	struct ctl_result r;

	ftps_certs_write();
	CHECK_NUMBER(moving_import(&r, TLS "rsa.pem\n"), 1);
	moving_check_accepted();
	CHECK_NUMBER(moving_import(&r,
		TLS "plain.pem\nrsa_private_key_file=" CERTS
		"plain.key\n"), 1);
	moving_check_accepted();
	/* Its mode is not a reason for vsftpd. */
	CHECK(chmod(CERTS "plain.key", 0644) == 0);
	CHECK_NUMBER(moving_import(&r,
		TLS "plain.pem\nrsa_private_key_file=" CERTS
		"plain.key\n"), 1);
	CHECK_FILE(REPORT, "a private key that others than root can use (mode "
		"644)");
	CHECK_NUMBER(moving_import(&r,
		TLS "plain.pem\nrsa_private_key_file=" CERTS
		"other.pem\n"), 2);
	CHECK_FILE(REPORT, CONF ":6: SSL: cannot load RSA private key: " CERTS
		"other.pem: key values mismatch");
	/* Of another kind vsftpd has one, and no client can use it. */
	CHECK_NUMBER(moving_import(&r,
		TLS "plain.pem\nrsa_private_key_file=" CERTS
		"rsa.pem\n"), 1);
	CHECK_FILE(REPORT, "the private key does not match the certificate");
	CHECK_NUMBER(moving_import(&r, TLS "plain.pem\n"), 2);
	CHECK_FILE(REPORT, ":5: SSL: cannot load RSA private key: " CERTS
		"plain.pem: ");
	CHECK_NUMBER(moving_import(&r, TLS "none.pem\n"), 2);
	CHECK_FILE(REPORT, CONF ":5: " CERTS "none.pem: No such file or "
		"directory");
	/* TLS stays required, even where the certificate is not there. */
	CHECK_FILE(NEW, "require_tls = both\n");
}

/* Where nobody could use vsftpd, a server without TLS must not come out. */
static void
test_no_certificate(void)
{
	struct ctl_result r;

	CHECK_NUMBER(moving_import(&r, TLS "\nrsa_cert_file=\n"), 1);
	CHECK_FILE(REPORT, "vsftpd has no certificate and cannot serve TLS");
	CHECK_FILE(NEW, "certificate = /etc/sureftpd/tls.pem\n"
		"require_tls = both\n");
	CHECK_NUMBER(RUN(&r, "-C", NEW, "--check"), EX_CONFIG);
	ftps_certs_write();
	CHECK_NUMBER(moving_import(&r, LOCAL "ssl_enable=YES\nrsa_cert_file="
		"etc/sureftpd/tls/rsa.pem\n"), 1);
	CHECK_FILE(REPORT, "used as /etc/sureftpd/tls/rsa.pem, because it is "
		"relative");
	CHECK_NUMBER(RUN(&r, "-C", NEW, "--check"), 0);
	CHECK_NUMBER(moving_import(&r, TLS "rsa.pem\nrequire_cert=YES\n"
		"validate_cert=YES\n"), 1);
	CHECK_FILE(NEW, "client_certificate = require\n");
	CHECK_NUMBER(RUN(&r, "-C", NEW, "--check"), EX_CONFIG);
}

#define PASSPHRASE_KEY "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n" \
	"-----END ENCRYPTED PRIVATE KEY-----\n"

static void
test_encrypted_key(void)
{
	struct ctl_result r;

	ftps_certs_write();
	CHECK(files_write_text(CERTS "locked.key", PASSPHRASE_KEY));
	CHECK(chmod(CERTS "locked.key", 0600) == 0);
	CHECK_NUMBER(moving_import(&r,
		TLS "plain.pem\nrsa_private_key_file=" CERTS
		"locked.key\n"), 2);
	CHECK_FILE(REPORT, CERTS "locked.key: there is nobody to type in its "
		"passphrase");
	CHECK_FILE(NEW, "private_key = " CERTS "locked.key\n");
}

/* vsftpd loads them even where it does not verify. */
static void
test_authorities(void)
{
	struct ctl_result r;

	ftps_certs_write();
	CHECK_NUMBER(moving_import(&r, TLS "rsa.pem\nvalidate_cert=YES\n"
		"require_cert=YES\nca_certs_file=" CERTS "ca.pem\n"), 1);
	moving_check_accepted();
	CHECK_FILE(NEW, "client_ca = " CERTS "ca.pem\n");
	CHECK_HAS(files_text(NEW), "client_certificate = require\n");
	files_write_text(CERTS "empty.pem", "no certificate\n");
	CHECK_NUMBER(moving_import(&r, TLS "rsa.pem\n"
		"ca_certs_file=" CERTS "empty.pem\n"), 2);
	CHECK_FILE(REPORT, CONF ":6: SSL: could not load verify file: " CERTS
		"empty.pem: ");
	/* Nobody is asked for a certificate. */
	CHECK_NUMBER(moving_import(&r, TLS "rsa.pem\nssl_request_cert=NO\n"
		"validate_cert=YES\nca_certs_file=" CERTS "empty.pem\n"), 1);
	CHECK_LACKS(files_text(NEW), "client_");
}

CU_TestInfo functional_tests[] = {
	{ "certificates", test_certificates },
	{ "no certificate, and no authorities", test_no_certificate },
	{ "a key with a passphrase", test_encrypted_key },
	{ "authorities of clients", test_authorities },
	CU_TEST_INFO_NULL,
};
