/*
 * suite_pam_rules.c - Linux-PAM modules that allow or deny logins work as for a
 * login shell.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"

#include <sys/stat.h>

const char *const functional_name = "pam_rules";

#define SERVICE "auth.pam_service=ruled"

/* These lines, then pam_unix. */
static void
write_service(const char *lines)
{
	files_writef("/etc/pam.d/ruled",
		"%s"
		"auth required pam_unix.so nodelay\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n", lines);
}

/* With the right password, from 127.0.0.HOST. */
static void
check_login_from(int line, int host, const char *account, int code)
{
	char from[16];
	struct ftp c;

	snprintf(from, sizeof(from), "127.0.0.%d", host);
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, from), 220);
	ftp_login(&c, account, accounts_find(account)->password);
	check_reply(__FILE__, line, &c, code);
	ftp_close(&c);
}

#define CHECK_LOGIN(account, code) \
	check_login_from(__LINE__, 1, (account), (code))
#define CHECK_LOGIN_FROM(host, account, code) \
	check_login_from(__LINE__, (host), (account), (code))

/* The list that vsftpd's package comes with. */
static void
test_listfile(void)
{
	struct server s;

	files_write_text("/etc/ftpusers", "root\nanna\n");
	write_service("auth required pam_listfile.so item=user sense=deny "
		"file=/etc/ftpusers onerr=fail\n");
	if (!SERVER(&s, SERVICE, "auth.rejected_users="))
		return;
	CHECK_LOGIN("anna", 530);
	CHECK_LOGIN("root", 530);
	CHECK_LOGIN("bert", 230);
	/* Read at every login; without the file all logins fail. */
	files_write_text("/etc/ftpusers", "root\n");
	CHECK_LOGIN("anna", 230);
	unlink("/etc/ftpusers");
	CHECK_LOGIN("bert", 530);
	server_stop(&s);

	files_write_text("/etc/networks.ok", "127.0.0.8\n");
	write_service("account required pam_listfile.so item=rhost "
		"sense=allow file=/etc/networks.ok onerr=fail\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN_FROM(7, "anna", 530);
	CHECK_LOGIN_FROM(8, "anna", 230);
	server_stop(&s);
}

static void
test_succeed_if(void)
{
	struct server s;

	write_service("account required pam_succeed_if.so quiet "
		"user ingroup team\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN("anna", 230);
	CHECK_LOGIN("bert", 230);
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 220);
	/* The byte 255 travels doubled. */
	CHECK_NUMBER(ftp_login(&c, "jan", "  a \"b\" %s \xc3\xa9\xff\xff "),
		530);
	ftp_close(&c);
	server_stop(&s);

	write_service("auth required pam_succeed_if.so quiet uid >= 1002 "
		"service = ruled rhost = 127.0.0.6\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN_FROM(6, "anna", 530);
	CHECK_LOGIN_FROM(6, "bert", 230);
	CHECK_LOGIN_FROM(5, "bert", 530);
	server_stop(&s);
}

static void
test_time(void)
{
	struct server s;

	files_write_text("/etc/security/time.conf",
		"ruled;ftp;anna;!Al0000-2400\n"
		"ruled;tty*;bert;!Al0000-2400\n");
	write_service("account required pam_time.so\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN("anna", 530);
	CHECK_LOGIN("bert", 230);
	files_write_text("/etc/security/time.conf",
		"ruled;ftp;anna;Al0000-2400\n");
	CHECK_LOGIN("anna", 230);
	server_stop(&s);
}

/* By account, group and address. */
static void
test_access(void)
{
	struct server s;

	files_write_text("/etc/security/access.conf",
		"+:anna:127.0.0.8\n"
		"-:anna:ALL\n"
		"+:(team):127.0.0.0/30\n"
		"-:ALL:ALL\n");
	write_service("account required pam_access.so\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN_FROM(8, "anna", 230);
	CHECK_LOGIN_FROM(2, "anna", 530);
	CHECK_LOGIN_FROM(2, "bert", 230);
	CHECK_LOGIN_FROM(8, "bert", 530);
	server_stop(&s);
}

static void
test_nologin(void)
{
	struct server s;

	write_service("account required pam_nologin.so file=/etc/nologin\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN("anna", 230);
	files_write_text("/etc/nologin", "Moving to a new machine.\n");
	CHECK_LOGIN("anna", 530);
	CHECK_LOGGED(0, "warning session=2 peer=127.0.0.1 user=anna login "
		"failed: pam_acct_mgmt: * (Moving to a new machine.)");
	unlink("/etc/nologin");
	CHECK_LOGIN("anna", 230);
	server_stop(&s);
}

/* An administrator's program allows or denies the login. */
static void
test_exec(void)
{
	struct server s;

	files_write_text("/etc/decide", "#!/bin/sh\n"
		"read password\n"
		"test \"$PAM_USER $PAM_RHOST $password\" = "
		"'anna 127.0.0.7 anna-pass'\n");
	CHECK(chmod("/etc/decide", 0755) == 0);
	files_write_text("/etc/pam.d/ruled",
		"auth required pam_unix.so nodelay\n"
		"auth required pam_exec.so quiet expose_authtok /etc/decide\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n");
	if (!SERVER(&s, SERVICE))
		return;
	CHECK_LOGIN_FROM(7, "anna", 230);
	CHECK_LOGIN_FROM(6, "anna", 530);
	CHECK_LOGIN_FROM(7, "bert", 530);
	server_stop(&s);
}

#define FAILLOCK(what) "pam_faillock.so " what \
	" dir=/etc/faillock deny=3 unlock_time=600\n"

/* Wrong passwords from any address lock the account, and the reply does not
 * show it. */
static void
test_faillock(void)
{
	struct server s;

	mkdir("/etc/faillock", 0755);
	files_write_text("/etc/pam.d/ruled",
		"auth required " FAILLOCK("preauth silent")
		"auth [success=1 default=ignore] pam_unix.so nodelay\n"
		"auth [default=die] " FAILLOCK("authfail")
		"auth sufficient " FAILLOCK("authsucc")
		"auth required pam_deny.so\n"
		"account required pam_faillock.so dir=/etc/faillock\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n");
	if (!SERVER(&s, SERVICE, "auth.explain_denied_logins=yes"))
		return;
	/* A correct password resets the count. */
	for (int i = 0; i < 2; i++) {
		check_refused("anna", "wrong", "pam_authenticate: *");
		check_refused("anna", "wrong", "pam_authenticate: *");
		CHECK_LOGIN("anna", 230);
	}
	for (int i = 0; i < 3; i++)
		check_refused("anna", "wrong", "pam_authenticate: *");
	check_refused("anna", "anna-pass", "pam_authenticate: *");
	CHECK_LOGIN_FROM(9, "anna", 530);
	CHECK_LOGIN("bert", 230);
	CHECK(files_exist("/etc/faillock/anna"));
	/* What faillock --reset does. */
	unlink("/etc/faillock/anna");
	CHECK_LOGIN("anna", 230);
	server_stop(&s);
}

/* A service for another distribution may include files that do not exist. */
static void
test_missing_file(void)
{
	struct server s;

	/* Idle workers would have read the service before. */
	write_service("");
	if (!SERVER(&s, SERVICE, "server.min_spare_workers=0"))
		return;
	write_service("@include password-auth\n");
	check_refused("anna", "anna-pass", "pam_start: the service \"ruled\" "
		"cannot be loaded: *missing*syslog*");
	write_service("");
	CHECK_LOGIN("anna", 230);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "pam_listfile: users and addresses", test_listfile },
	{ "pam_succeed_if: groups, numbers, addresses", test_succeed_if },
	{ "pam_time: hours and terminal", test_time },
	{ "pam_access: accounts, groups, networks", test_access },
	{ "pam_nologin: the server is closed", test_nologin },
	{ "pam_exec: a program decides, with the password", test_exec },
	{ "pam_faillock: locked after failures", test_faillock },
	{ "a service that includes a missing file", test_missing_file },
	CU_TEST_INFO_NULL,
};
