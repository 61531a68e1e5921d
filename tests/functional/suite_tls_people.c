/*
 * suite_tls_people.c - clients' certificates: requested, required, revoked, or
 * instead of a password (field map 32).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <sys/stat.h>

const char *const functional_name = "tls_people";

#define AUTHORITY "tls.client_ca=" CERTS "ca.pem"
#define REVOKED   "tls.client_crl=" CERTS "crl.pem"

/* In TLS 1.3 the client learns only from the first read that its certificate
 * was refused. */
static bool
served(struct ftps *t, const char *certificate, int version)
{
	ftps_init(t);
	t->certificate = certificate;
	t->version = version;
	return ftps_begin(t) && ftps_handshake(t) &&
		ftp_command(&t->c, "NOOP") == 200;
}

static void
check_served(const char *certificate, bool wanted)
{
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		struct ftps t;
		bool good = served(&t, certificate, version);
		CHECK_SAYS(good == wanted, "%s: %s",
			certificate == NULL ? "none" : certificate, t.error);
		/* The password is still required; data connections work. */
		if (good && ftps_login(&t, "anna"))
			CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
		ftp_close(&t.c);
	}
}

static void
test_request(void)
{
	struct server s;

	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    REVOKED))
		return;
	check_served(NULL, true);
	check_served(CERTS "anna.pem", true);
	check_served(CERTS "stranger.pem", false);
	check_served(CERTS "revoked.pem", false);
	server_stop(&s);
}

static void
test_require(void)
{
	struct server s;

	if (!FTPS_SERVER(&s, "tls.client_certificate=require", AUTHORITY,
		    REVOKED))
		return;
	check_served(NULL, false);
	check_served(CERTS "anna.pem", true);
	check_served(CERTS "stranger.pem", false);
	check_served(CERTS "revoked.pem", false);
	/* The server's own certificate is from the same authority, but no
	 * reason to trust its holder more; it is just another client. */
	server_stop(&s);
	if (!SERVER(&s, "tls.client_certificate=require", AUTHORITY))
		return;
	check_served(CERTS "revoked.pem", true);
	server_stop(&s);
}

/* The code of USER, and of PASS where it is asked for. */
static int
try(const char *certificate, const char *user, const char *password)
{
	struct ftps t;
	int code = -1;

	if (served(&t, certificate, 0))
		code = ftp_command(&t.c, "USER %s", user);
	if (code == 331)
		code = ftp_command(&t.c, "PASS %s", password);
	ftp_close(&t.c);
	return code;
}

static void
test_login_with_certificate(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    REVOKED, "tls.login_with=certificate"))
		return;
	if (!served(&t, CERTS "anna.pem", 0))
		return;
	/* RFC 4217: 232 where no password is needed any more. */
	ftp_command(&t.c, "USER anna");
	CHECK_SAYS(t.c.code == 232 || t.c.code == 331, "%s", t.c.text);
	if (t.c.code == 331)
		EXPECT(&t.c, 230, "PASS whatever");
	EXPECT(&t.c, 200, "PBSZ 0");
	EXPECT(&t.c, 200, "PROT P");
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "x", 1));
	ftp_close(&t.c);
	/* Another user's name, no certificate, or only a password. */
	CHECK_NUMBER(try(CERTS "bert.pem", "anna", "anna-pass"), 530);
	CHECK_NUMBER(try(NULL, "anna", "anna-pass"), 530);
	/* PAM's account phase still counts: dora has expired. */
	CHECK_NUMBER(try(CERTS "dora.pem", "dora", "dora-pass"), 530);
	server_stop(&s);
}

static void
test_login_with_both(void)
{
	struct server s;

	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    REVOKED, "tls.login_with=certificate+password"))
		return;
	CHECK_NUMBER(try(CERTS "anna.pem", "anna", "anna-pass"), 230);
	CHECK_NUMBER(try(CERTS "anna.pem", "anna", "wrong"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "anna", "anna-pass"), 530);
	CHECK_NUMBER(try(NULL, "anna", "anna-pass"), 530);
	server_stop(&s);
}

static void
test_one_account(void)
{
	struct server s;

	server_configure("[user \"anna\"]\n"
			 "login_with = certificate+password\n");
	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    REVOKED))
		return;
	CHECK_NUMBER(try(NULL, "bert", "bert-pass"), 230);
	CHECK_NUMBER(try(NULL, "anna", "anna-pass"), 530);
	CHECK_NUMBER(try(CERTS "anna.pem", "anna", "anna-pass"), 230);
	/* Without TLS there is no certificate. */
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 530);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_names(void)
{
	struct server s;

	files_write_text("/etc/sureftpd/people",
		"# comment\nCN=anna bert\n");
	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    "tls.login_with=certificate+password",
		    "tls.certificate_user=map",
		    "tls.certificate_map=/etc/sureftpd/people"))
		return;
	CHECK_NUMBER(try(CERTS "anna.pem", "bert", "bert-pass"), 230);
	CHECK_NUMBER(try(CERTS "anna.pem", "anna", "anna-pass"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "bert", "bert-pass"), 530);
	server_stop(&s);
}

/* The part before the @, whatever the domain is: client_ca decides whose
 * addresses are believed. */
static void
test_mail_addresses(void)
{
	struct server s;

	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    "tls.login_with=certificate",
		    "tls.certificate_user=email"))
		return;
	CHECK_NUMBER(try(CERTS "anna.pem", "anna", "x"), 230);
	CHECK_NUMBER(try(CERTS "anna.pem", "anna@example.org", "x"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "anna", "x"), 530);
	CHECK_NUMBER(try(NULL, "anna", "x"), 530);
	server_stop(&s);
}

/* Accounts of the accounts file, too; and a name that nobody has stays
 * out, whatever the certificate says. */
static void
test_file_accounts(void)
{
	struct server s;

	files_write_text("/etc/sureftpd/people",
		"CN=anna carla\nCN=bert nosuch\n");
	files_write_text("/etc/sureftpd/accounts",
		"[carla]\naccount = bert\nlogin_with = certificate\n"
		"[dirk]\naccount = bert\nlogin_with = certificate\n");
	chmod("/etc/sureftpd/accounts", 0600);
	if (!FTPS_SERVER(&s, "tls.client_certificate=request", AUTHORITY,
		    "auth.backends=file", "tls.login_with=certificate",
		    "tls.certificate_user=map",
		    "tls.certificate_map=/etc/sureftpd/people"))
		return;
	CHECK_NUMBER(try(CERTS "anna.pem", "carla", "x"), 230);
	CHECK_NUMBER(try(CERTS "anna.pem", "dirk", "x"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "carla", "x"), 530);
	CHECK_NUMBER(try(NULL, "carla", "x"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "nosuch", "x"), 530);
	CHECK_NUMBER(try(CERTS "bert.pem", "bert", "bert-pass"), 530);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "request: optional, but an invalid one is refused", test_request },
	{ "require: without a valid one the handshake fails", test_require },
	{ "login_with = certificate", test_login_with_certificate },
	{ "login_with = certificate+password", test_login_with_both },
	{ "login_with of an account", test_one_account },
	{ "certificate_user = map", test_names },
	{ "certificate_user = email", test_mail_addresses },
	{ "accounts of the accounts file", test_file_accounts },
	CU_TEST_INFO_NULL,
};
