/*
 * suite_vsftpd_rules.c - sureftpd --import-vsftpd: hosts.allow and hosts.deny.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/moving.h"

const char *const functional_name = "vsftpd_rules";

#define WRAPPED MOVING_LOCAL "tcp_wrappers=YES\n"

static void
convert(const char *allow, const char *deny)
{
	struct ctl_result r;

	CHECK(files_write_text("/etc/hosts.allow", allow));
	CHECK(files_write_text("/etc/hosts.deny", deny));
	CHECK_NUMBER(moving_import(&r, WRAPPED), 1);
	moving_check_accepted();
}

static void
test_denied_networks(void)
{
	convert("", "vsftpd: 192.0.2. 198.51.100.7\n");
	CHECK_FILE(MOVING_NEW, "deny_from = 192.0.2.0/24 198.51.100.7\n");
	CHECK_LACKS(files_text(MOVING_NEW), "allow_from");
	/* Exceptions to them are lost, which is said. */
	convert("vsftpd: 192.0.2.9\n", "vsftpd: 192.0.2.\n");
	CHECK_FILE(MOVING_NEW, "deny_from = 192.0.2.0/24\n");
	CHECK_FILE(MOVING_REPORT, "exceptions to them in hosts.allow do not "
		"count");
}

static void
test_allowed_networks(void)
{
	convert("vsftpd: 192.0.2.\n", "ALL: ALL\n");
	CHECK_FILE(MOVING_NEW, "allow_from = 192.0.2.0/24\n");
	CHECK_LACKS(files_text(MOVING_NEW), "deny_from");
	convert("", "ALL: ALL\n");
	CHECK_FILE(MOVING_NEW, "allow_from = ");
	/* What is no address allows nobody, and is said. */
	convert("vsftpd: .example.org\n", "ALL: ALL\n");
	CHECK_FILE(MOVING_REPORT, "a rule with .example.org cannot be "
		"expressed with addresses");
	CHECK_FILE(MOVING_NEW, "allow_from = ");
}

static void
test_no_rules(void)
{
	convert("sshd: ALL\n", "sshd: ALL\n");
	CHECK_LACKS(files_text(MOVING_NEW), "_from = ");
}

CU_TestInfo functional_tests[] = {
	{ "networks that are denied", test_denied_networks },
	{ "networks that are allowed, or none", test_allowed_networks },
	{ "rules for others", test_no_rules },
	CU_TEST_INFO_NULL,
};
