/*
 * suite_tls_require.c - require_tls (rows S73 and S74, RFC 4217 sections 10 and
 * 12).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

const char *const functional_name = "tls_require";

/* USER without TLS is refused, the connection stays open, and TLS can be
 * started. */
static void
check_login_needs_tls(const char *account)
{
	size_t mark = logged_mark();
	struct ftps t;

	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	uint64_t session = logged_session(mark);
	EXPECT(&t.c, 530, "USER %s", account);
	CHECK_HAS(t.c.text, "TLS");
	EXPECT(&t.c, 503, "PASS %s-pass", account);
	EXPECT(&t.c, 530, "PWD");
	EXPECT(&t.c, 200, "NOOP");
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	CHECK(ftps_login(&t, account));
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "STOR f"), 226);
	ftp_close(&t.c);
	/* By the time the line is written, the greeter may be the relay. */
	CHECK_LOGGED(mark, "info session=%ju peer=127.0.0.1*: "
		"require_tls: refused USER %s without TLS",
		(uintmax_t)session, account);
}

static void
check_login_in_clear(const char *account)
{
	struct ftp c;

	if (!ftp_enter(&c, account))
		return;
	CHECK_NUMBER(ftp_put(&c, "clear", 5, "STOR f"), 226);
	ftp_close(&c);
}

static const char *const data_commands[] = { "RETR f", "STOR g", "APPE g",
	"STOU", "LIST", "NLST", "MLSD" };

/* Refused before anything is opened or made. */
static void
check_data_refused(struct ftp *c, const char *home_file)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_commands); i++) {
		ftp_start(c, "%s", data_commands[i]);
		CHECK_SAYS(c->code == 521, "%s: %s", data_commands[i],
			c->text);
		ftp_data_close(c);
	}
	CHECK(!files_exist(home_file));
	EXPECT(c, 200, "NOOP");
}

static void
check_data_needs_tls(const char *account)
{
	char path[64];
	struct ftps t;

	ftps_init(&t);
	if (!ftps_connect(&t) || !EXPECT(&t.c, 331, "USER %s", account) ||
	    !EXPECT(&t.c, 230, "PASS %s-pass", account))
		return;
	snprintf(path, sizeof(path), "/home/%s/f", account);
	files_write_as(account, path, "data", 4);
	snprintf(path, sizeof(path), "/home/%s/g", account);
	/* What holds without PROT is PROT C (RFC 2228). */
	t.clear_data = true;
	check_data_refused(&t.c, path);
	EXPECT(&t.c, 200, "PBSZ 0");
	EXPECT(&t.c, 534, "PROT C");
	check_data_refused(&t.c, path);
	EXPECT(&t.c, 200, "PROT P");
	t.clear_data = false;
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "STOR f"), 226);
	EXPECT(&t.c, 534, "PROT C");
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "STOR f"), 226);
	ftp_close(&t.c);
}

static void
test_login(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.require_tls=login"))
		return;
	check_login_needs_tls("anna");
	check_login_needs_tls("bert");
	/* Data connections do not need TLS. */
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "PROT C");
	t.clear_data = true;
	CHECK_NUMBER(ftp_put(&t.c, "clear", 5, "STOR g"), 226);
	ftp_close(&t.c);
	/* Unknown names get the same reply. */
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 530, "USER nobody-at-all");
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_data(void)
{
	struct server s;
	struct ftp c;

	if (!FTPS_SERVER(&s, "tls.require_tls=data"))
		return;
	check_data_needs_tls("anna");
	/* A login without TLS succeeds, but transfers are refused. */
	if (!ftp_enter(&c, "bert"))
		return;
	files_write_as("bert", "/home/bert/f", "data", 4);
	check_data_refused(&c, "/home/bert/g");
	EXPECT(&c, 250, "MLST f");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_both(void)
{
	struct server s;

	if (!FTPS_SERVER(&s, "tls.require_tls=both"))
		return;
	check_login_needs_tls("anna");
	check_data_needs_tls("anna");
	server_stop(&s);
}

/* R18: for one account, and not for the others. */
static void
test_one_user(void)
{
	struct server s;

	server_configure("[user \"anna\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s))
		return;
	check_login_needs_tls("anna");
	check_data_needs_tls("anna");
	check_login_in_clear("bert");
	server_stop(&s);
}

static void
test_all_but_one(void)
{
	struct server s;

	server_configure("[user \"anna\"]\nrequire_tls = no\n");
	if (!FTPS_SERVER(&s, "tls.require_tls=both"))
		return;
	check_login_needs_tls("bert");
	check_data_needs_tls("bert");
	check_login_in_clear("anna");
	server_stop(&s);
}

static void
test_group(void)
{
	struct server s;
	struct ftps t;

	server_configure("[group \"team\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s))
		return;
	check_login_needs_tls("anna");
	check_data_needs_tls("anna");
	check_login_in_clear("jan");
	/* Accounts without the group, and unknown names, are asked for a
	 * password. */
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 331, "USER iris");
	EXPECT(&t.c, 331, "USER nobody-at-all");
	EXPECT(&t.c, 331, "USER no:body/at-all");
	/* Each USER replaces the previous answer. */
	EXPECT(&t.c, 530, "USER anna");
	EXPECT(&t.c, 503, "PASS anna-pass");
	ftp_close(&t.c);
	server_stop(&s);
}

/* The account's own section takes precedence. */
static void
test_all_but_a_group(void)
{
	struct server s;
	struct ftp c;

	server_configure("[group \"team\"]\nrequire_tls = no\n"
			 "[user \"bert\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s, "tls.require_tls=both"))
		return;
	check_login_in_clear("anna");
	check_login_needs_tls("bert");
	check_data_needs_tls("bert");
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 530, "USER jan");
	EXPECT(&c, 530, "USER nobody-at-all");
	ftp_close(&c);
	server_stop(&s);
}

/* The number of requests to the monitor is limited. */
static void
test_many_names(void)
{
	struct server s;
	struct ftp c;
	int i;

	server_configure("[group \"team\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (i = 0; i < 100 && ftp_command(&c, "USER iris") == 331; i++)
		;
	CHECK_SAYS(i >= 10 && i < 100, "%d names", i);
	EXPECT_WAS(&c, 421);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	check_login_in_clear("jan");
	server_stop(&s);
}

/* Anonymous logins are PAM's (pam_ftp): a name like others, and an account. */
static void
anonymous(const char *file)
{
	files_write_text("/etc/pam.d/anonymous",
		"auth sufficient pam_ftp.so\n"
		"auth required pam_unix.so\n"
		"account required pam_permit.so\n"
		"session required pam_permit.so\n");
	files_append_text("/etc/passwd",
		"ftp:x:1099:65534::/home:/bin/sh\n");
	server_configure(file);
}

static void
test_anonymous_may(void)
{
	struct server s;
	struct ftp c;

	anonymous("[user \"anonymous\"]\nrequire_tls = no\n"
		  "[user \"ftp\"]\nrequire_tls = no\n");
	if (!FTPS_SERVER(&s, "tls.require_tls=both",
		    "auth.pam_service=anonymous"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", "me@example.org"), 230);
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home\"");
	ftp_close(&c);
	check_login_needs_tls("anna");
	server_stop(&s);
}

static void
test_anonymous_must(void)
{
	struct server s;
	struct ftps t;

	anonymous("[user \"anonymous\"]\nrequire_tls = both\n"
		  "[user \"ftp\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s, "auth.pam_service=anonymous"))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 530, "USER anonymous");
	EXPECT(&t.c, 530, "USER ftp");
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	EXPECT(&t.c, 331, "USER anonymous");
	EXPECT(&t.c, 230, "PASS me@example.org");
	ftp_start(&t.c, "LIST");
	EXPECT_WAS(&t.c, 521);
	ftp_close(&t.c);
	check_login_in_clear("anna");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "login: USER without TLS gets 530, the connection stays",
		test_login },
	{ "data: transfers without TLS are refused", test_data },
	{ "both", test_both },
	{ "required for one account only", test_one_user },
	{ "required for all accounts but one", test_all_but_one },
	{ "required for the members of a group", test_group },
	{ "required for all but the members of a group", test_all_but_a_group },
	{ "the number of lookups for names is bounded", test_many_names },
	{ "not required for anonymous, but for others", test_anonymous_may },
	{ "required for anonymous only", test_anonymous_must },
	CU_TEST_INFO_NULL,
};
