/*
 * suite_pwp_rows.c - behaviour of the PWP server that no other suite covers.
 *
 * Its rows, and the suites that test them, which name them:
 * P1, P38: pwp.  P2, P6, P8, P14, P28 to P31: quota_uploads, quota_changes,
 * quota_attacks.  P3, P4, P15, P18, P21, P35: radius.  P5: radius_attributes.
 * P7, P9 to P13, P24, P25, P27, P33, P34: quota_file, quota_ledger,
 * quota_trouble.  P16, P17, P20, P22: radius_servers.  P19, P23, P26, P32,
 * P36: here.
 *
 * P37, Net::FTPServer::PWPDirHandle, is a class inside that program; what it
 * does is P23, P26 and P32.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/world.h"

const char *const functional_name = "pwp_rows";

#define FTPD_CONF  "/etc/ftpd.conf"
#define DICTIONARY "/etc/sureftpd/dictionary"

/* The home directory's attribute by its name. */
static void
test_dictionary(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	CHECK(files_write_text(DICTIONARY, "VENDOR PWP 582\n"
		"ATTRIBUTE pwp-homedir 1 string PWP\n"));
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.dictionary=" DICTIONARY,
		    "radius.home_attribute=pwp-homedir"))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/home/virt\"");
	}
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* The client's root is the home directory, and no reply has another path. */
static void
check_hidden(const char *setting)
{
	static const char *const commands[] = { "PWD", "CWD d", "PWD",
		"MLST f", "MLST", "STAT", "CWD /nowhere", "XPWD",
		"CWD ..", "CWD ..", "PWD", "SIZE /home/anna/d/f",
		"STAT /d", "CWD out" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, setting) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		CHECK(ftp_command(&c, "%s", commands[i]) > 0);
		if (strstr(commands[i], "/home") == NULL)
			CHECK_LACKS(c.text, "/home");
	}
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "257 \"/\"");
	EXPECT(&c, 250, "CWD d");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "257 \"/d\"");
	EXPECT(&c, 257, "MKD /d/made");
	CHECK_HAS(c.text, "257 \"/d/made\"");
	EXPECT(&c, 250, "RMD /d/made");
	EXPECT(&c, 550, "CWD /home/anna");
	EXPECT(&c, 550, "RETR /etc/passwd");
	ftp_close(&c);
	CHECK_LOGGED(0, "* user=anna login, home directory \"/home/anna\", "
		"jail \"/home/anna\"*");
	server_stop(&s);
}

static void
test_hidden_mount_point(void)
{
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_write_as("anna", "/home/anna/d/f", "x", 1);
	CHECK(symlink("/home/bert", "/home/anna/out") == 0);
	check_hidden("session.jail=home");
	check_hidden("session.hide_mount_point=yes");
	check_hidden("user.anna.hide_mount_point=yes");
}

/* Other jails stay where they are, and the setting can be turned off. */
static void
test_hidden_or_not(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.hide_mount_point=yes",
		    "group.team.jail=/home", "user.bert.hide_mount_point=no"))
		return;
	if (ftp_enter(&c, "anna")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "257 \"/anna\"");
	}
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, "session.hide_mount_point=yes",
		    "user.bert.hide_mount_point=no"))
		return;
	if (ftp_enter(&c, "bert")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "257 \"/home/bert\"");
	}
	ftp_close(&c);
	server_stop(&s);
}

static bool
begin_imported(struct server *s, struct ftp *c, const char *rules)
{
	struct ctl_result r;

	CHECK(files_writef(FTPD_CONF, "pam authentication: 1\n"
		"pam application name: sureftpd\nenable syslog: 0\n%s", rules));
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL,
		(const char *const[]){ "--import-pwp", "-O", SERVER_CONFIG,
		"--force", NULL }), 1);
	return SERVER(s, "auth.failed_login_delay=0", "limits.bans_file=") &&
		ftp_enter(c, "anna");
}

static void
test_rules(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_write_as("anna", "/home/anna/f", "x", 1);
	if (!begin_imported(&s, &c, "retrieve rule: 0\nstore rule: 0\n"
		"delete rule: 0\nmkdir rule: 0\nrename rule: 0\n"
		"chdir rule: 0\n"))
		return;
	free(ftp_get(&c, &len, "RETR f"));
	EXPECT_WAS(&c, 550);
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR g"), 550);
	CHECK_NUMBER(ftp_put(&c, "y", 1, "APPE f"), 550);
	EXPECT(&c, 550, "DELE f");
	EXPECT(&c, 550, "RMD d");
	EXPECT(&c, 550, "MKD e");
	CHECK(ftp_command(&c, "RNFR f") == 550 ||
		ftp_command(&c, "RNTO h") == 550);
	EXPECT(&c, 550, "CWD d");
	CHECK(files_same("/home/anna/f", "x", 1));
	CHECK(!files_exist("/home/anna/g"));
	ftp_close(&c);
	server_stop(&s);
	/* One that is code denies, and only what it is about. */
	if (!begin_imported(&s, &c,
		"mkdir rule: $pathname !~ m(^/incoming/)\n"))
		return;
	EXPECT(&c, 550, "MKD e");
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR g"), 226);
	EXPECT(&c, 250, "CWD d");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "P19: attributes by their names", test_dictionary },
	{ "P23 P26 P32 P37: PWD without the root",
	    test_hidden_mount_point },
	{ "P23: hide_mount_point and jail", test_hidden_or_not },
	{ "P36: rules for operations", test_rules },
	CU_TEST_INFO_NULL,
};
