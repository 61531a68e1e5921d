/*
 * suite_host_check.c - sureftpd --check warns of what does not exist: programs,
 * accounts, directories, files and commands.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sysexits.h>

const char *const functional_name = "host_check";

static struct ctl_result r;

static void
check_lines(const char *lines)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--check", NULL };

	files_write_text(SERVER_CONFIG, lines);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	CHECK_HAS(r.out, SERVER_CONFIG ": OK\n");
}

static void
test_programs(void)
{
	files_write_text("/run/world/notes", "no program\n");
	check_lines("[events]\non_received = /nope/program\n"
		"on_login = /bin/true --quiet\non_logout = /run/world/notes\n"
		"on_delete = /etc\non_rename = /bin/true\n"
		"[session]\nupload_check = /nope/check\n"
		"[user anna]\nupload_check = /nope/anna\n"
		"[anonymous]\nupload_check = /nope/anonymous\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":2: warning: on_received: "
		"/nope/program: No such file or directory\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":3: warning: on_login: "
		"/bin/true --quiet: No such file or directory; arguments "
		"are not supported, use a script\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":4: warning: on_logout: "
		"/run/world/notes is not an executable file\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":5: warning: on_delete: /etc is not "
		"an executable file\n");
	CHECK_LACKS(r.err, "on_rename");
	CHECK_HAS(r.err, SERVER_CONFIG ":8: warning: upload_check: "
		"/nope/check: No such file or directory; uploads will be "
		"refused\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":10: warning: upload_check: "
		"/nope/anna: ");
	CHECK_HAS(r.err, SERVER_CONFIG ":12: warning: upload_check: "
		"/nope/anonymous: ");
}

static void
test_commands(void)
{
	check_lines("[session]\ncommands_denied = DELETE site_chmod SITE\n"
		"[user anna]\ncommands_allowed = retr SITE_COPY mkdir "
		"SITE_NOPE\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":2: warning: commands_denied: there "
		"is no command DELETE\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":4: warning: commands_allowed: there "
		"is no command mkdir\n");
	CHECK_HAS(r.err, "no command SITE_NOPE\n");
	CHECK_LACKS(r.err, "command site_chmod");
	CHECK_LACKS(r.err, "command SITE\n");
	CHECK_LACKS(r.err, "retr");
	CHECK_LACKS(r.err, "SITE_COPY");
}

static void
test_accounts(void)
{
	check_lines("[server]\ngreeter_user = nosuch1\nkeeper_user = 994\n"
		"admin_users = anna nosuch2 4711\n"
		"admin_groups = team nosuch3 4711\n"
		"[auth]\nguest_user = nosuch4\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":2: warning: greeter_user: there is "
		"no account nosuch1; the server will use the account "
		"\"nobody\"\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":3: warning: keeper_user: there is "
		"no account 994; ");
	CHECK_HAS(r.err, SERVER_CONFIG ":4: warning: admin_users: there is "
		"no account nosuch2 in /etc/passwd\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":5: warning: admin_groups: there is "
		"no group nosuch3 in /etc/group\n");
	CHECK_LACKS(r.err, "4711");
	CHECK_LACKS(r.err, "anna");
	CHECK_LACKS(r.err, "team");
	CHECK_HAS(r.err, SERVER_CONFIG ":7: warning: guests will be refused: "
		"there is no account nosuch4, which is guest_user\n");
	check_lines("[auth]\nguest_user = root\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":2: warning: guests will be refused: "
		"guest_user cannot have uid 0\n");
	check_lines("[auth]\nguest_user = anna\n[server]\n"
		"greeter_user = bert\n");
	CHECK_LACKS(r.err, "no account");
}

static void
test_files(void)
{
	check_lines("[log]\nvsftpd_file = /nope/vsftpd.log\n"
		"json_file = /etc\ntext_file = /run/world/text.log\n"
		"[metrics]\nmetrics_file = /nope/sureftpd.prom\n"
		"[limits]\nbans_file = /nope/bans\n"
		"[auth]\nbackends = pam file\naccounts_file = /nope/accounts\n"
		"pam_service = nosuch\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":2: warning: vsftpd_file: there is no "
		"directory /nope\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":3: warning: json_file: /etc is a "
		"directory\n");
	CHECK_LACKS(r.err, "text_file");
	CHECK_HAS(r.err, SERVER_CONFIG ":6: warning: metrics_file: there is "
		"no directory /nope\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":8: warning: bans_file: there is no "
		"directory /nope\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":11: warning: accounts_file: "
		"/nope/accounts: No such file or directory; sureftpctl passwd "
		"add creates it\n");
	CHECK_HAS(r.err, SERVER_CONFIG ":12: warning: pam_service: PAM has no "
		"service nosuch and uses \"other\", which usually refuses all "
		"logins\n");
	/* PAM lowers it. */
	check_lines("[auth]\npam_service = Permit\n");
	CHECK_LACKS(r.err, "pam_service");
	files_write_text("/run/world/accounts", "");
	check_lines("[auth]\nbackends = file\n"
		"accounts_file = /run/world/accounts\n"
		"pam_service = nosuch\n");
	CHECK_LACKS(r.err, "accounts_file");
	CHECK_LACKS(r.err, "pam_service");
}

CU_TestInfo functional_tests[] = {
	{ "programs that do not exist or cannot be executed", test_programs },
	{ "commands", test_commands },
	{ "accounts and groups that do not exist", test_accounts },
	{ "missing directories and files", test_files },
	CU_TEST_INFO_NULL,
};
