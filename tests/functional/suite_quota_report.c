/*
 * suite_quota_report.c - sureftpctl quota: what accounts use, counted, set, and
 * as a table.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "quota_report";

#define KIB    1024
#define FILES  "/var/lib/sureftpd/quota/"
#define ANNA   FILES "%home%anna"
#define CONFIG "/etc/quota.conf"

static struct ctl_result r;

static void
configure(const char *more)
{
	CHECK(files_writef(CONFIG, "[auth]\nbackends = pam file\n"
		"accounts_file = /etc/accounts\n"
		"[quota]\nquota_count = %s\n"
		"[user \"anna\"]\nquota_bytes = 100k\nquota_files = 10\n"
		"[user \"bert\"]\nquota_soft_bytes = 2k\n", more));
	CHECK(files_write_text("/etc/accounts", "[wanda]\naccount = carl\n"
		"quota_bytes = 1M\n"));
	CHECK(chmod("/etc/accounts", 0600) == 0);
}

/* As the server makes it. */
static void
make_directory(void)
{
	CHECK(mkdir("/var/lib/sureftpd", 0711) == 0);
	CHECK(mkdir("/var/lib/sureftpd/quota", 0700) == 0);
	CHECK(chown("/var/lib/sureftpd/quota", 905, 905) == 0);
}

static void
make_tree(void)
{
	static const char data[3000];

	files_mkdir_as("anna", "/home/anna/d", 0700);
	files_write_as("anna", "/home/anna/d/f", data, 1000);
	files_write_as("anna", "/home/anna/g", data, 3000);
	CHECK(link("/home/anna/g", "/home/anna/d/g") == 0);
}

static void
test_scan(void)
{
	struct stat st;

	configure("directories");
	make_directory();
	make_tree();
	CHECK_NUMBER(CTL(&r, "quota", "show", "anna", "-C", CONFIG), EX_OK);
	CHECK_HAS(r.out, "Quota of anna:\n");
	CHECK_HAS(r.out, "bytes          not counted of 102400\n");
	CHECK_NUMBER(CTL(&r, "quota", "scan", "anna", "-C", CONFIG), EX_OK);
	CHECK_TEXT(r.err, "");
	CHECK_HAS(r.out, "bytes          8096 (7.9k) of 102400\n");
	CHECK_HAS(r.out, "files          3 of 10\n");
	CHECK(stat(ANNA, &st) == 0 && st.st_uid == 905 && st.st_gid == 905);
	/* What the account cannot read does not count. */
	CHECK(chown("/home/anna/d", 0, 0) == 0);
	CHECK_NUMBER(CTL(&r, "quota", "scan", "anna", "-C", CONFIG), EX_OK);
	CHECK_HAS(r.err, "the account cannot examine 1 files or directories");
	CHECK_HAS(r.out, "bytes          7096");
}

static void
test_set(void)
{
	configure("");
	make_directory();
	CHECK_NUMBER(CTL(&r, "quota", "set", "bert", "5k", "7", "-C", CONFIG),
		EX_OK);
	CHECK_HAS(r.out, "bytes          5120 (5.0k), soft limit 2048\n");
	CHECK_HAS(r.out, "files          7, no limit\n");
	CHECK_HAS(r.out, "in use         no\n");
	CHECK_NUMBER(CTL(&r, "quota", "set", "bert", "many", "7", "-C",
		CONFIG), EX_USAGE);
	CHECK_HAS(r.err, "two numbers are needed");
}

static void
test_report(void)
{
	configure("");
	make_directory();
	make_tree();
	CHECK_NUMBER(CTL(&r, "quota", "-C", CONFIG), EX_OK);
	CHECK_TEXT(ctl_line(r.out, 0), "ACCOUNT  QUOTA   USED  LIMIT  USE%  "
		"FILES  LIMIT  STATE");
	CHECK_HAS(ctl_line_with(r.out, "anna"), "not counted");
	CHECK_HAS(ctl_line_with(r.out, "wanda"), "1.0M");
	CHECK_LACKS(r.out, "carl");
	/* Accounts that cannot log in are not listed. */
	CHECK(files_append_text(CONFIG, "[user \"carl\"]\n"
		"quota_bytes = 1M\n"));
	CHECK_NUMBER(CTL(&r, "quota", "-C", CONFIG), EX_OK);
	CHECK_LACKS(r.out, "carl");
	CHECK_NUMBER(CTL(&r, "quota", "scan", "anna", "-C", CONFIG), EX_OK);
	CHECK_NUMBER(CTL(&r, "quota", "report", "-C", CONFIG), EX_OK);
	CHECK_TEXT(ctl_line_with(r.out, "anna"), "anna     ledger  3.9k  "
		"100k   4%    2      10     -");
	CHECK_NUMBER(CTL(&r, "quota", "report", "--json", "-C", CONFIG),
		EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 3);
	CHECK_HAS(ctl_line_with(r.out, "anna"), "\"account\":\"anna\","
		"\"root\":\"/home/anna\",\"file\":\"" ANNA "\",\"bytes\":4000,"
		"\"max_bytes\":102400,\"soft_bytes\":null,\"files\":2,"
		"\"max_files\":10,");
	CHECK_HAS(ctl_line_with(r.out, "bert"), "\"bytes\":null,");
}

/* An account ftp cannot log in beside anonymous clients. */
static void
test_anonymous(void)
{
	configure("");
	make_directory();
	CHECK(files_append_text("/etc/accounts", "[ftp]\naccount = carl\n"
		"quota_bytes = 2M\n[FTP]\naccount = carl\n"));
	CHECK(files_append_text(CONFIG, "[anonymous]\nenabled = yes\n"
		"user = carl\nquota_bytes = 3M\n"));
	CHECK_NUMBER(CTL(&r, "quota", "--json", "-C", CONFIG), EX_OK);
	CHECK_HAS(ctl_line_with(r.out, "\"anonymous\""),
		"\"max_bytes\":3145728,");
	CHECK_NUMBER(ctl_json_lines(r.out), 4);
}

/* As sureftpctl passwd add writes it, next to a heading without an end. */
static void
test_quoted(void)
{
	configure("");
	make_directory();
	CHECK(files_append_text("/etc/accounts", "[\"otto\"]\naccount = carl\n"
		"quota_bytes = 2M\n[emil\naccount = carl\n"));
	CHECK_NUMBER(CTL(&r, "quota", "-C", CONFIG), EX_OK);
	CHECK_HAS(ctl_line_with(r.out, "wanda"), "1.0M");
	CHECK_HAS(ctl_line_with(r.out, "otto"), "2.0M");
	CHECK_LACKS(r.out, "emil");
}

/* While the account has sessions, and after that. */
static void
test_in_use(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "quota.quota_bytes=1M", "quota.quota_count=") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR f"), 226);
	CHECK(files_wait_for_text(ANNA, "bytes 5\n"));
	CHECK(files_write_text(CONFIG, "[quota]\nquota_bytes = 1M\n"));
	CHECK_NUMBER(CTL(&r, "quota", "show", "anna", "-C", CONFIG), EX_OK);
	CHECK_HAS(r.out, "bytes          5 of 1048576\n");
	CHECK_HAS(r.out, "in use         yes\n");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(files_wait_for_text(ANNA, "state closed\n"));
	CHECK_NUMBER(CTL(&r, "quota", "show", "anna", "-C", CONFIG), EX_OK);
	CHECK_HAS(r.out, "in use         no\n");
	server_stop(&s);
}

static void
test_mistakes(void)
{
	static const char *const wrong[][5] = {
		{ "quota", "show", NULL }, { "quota", "scan", NULL },
		{ "quota", "report", "anna", NULL },
		{ "quota", "set", "anna", "5", NULL },
		{ "quota", "anything", "anna", NULL },
	};

	configure("");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK_NUMBER(ctl_run(&r, 0, wrong[i]), EX_USAGE);
		CHECK_HAS(r.err, "use: quota [report]");
	}
	CHECK_NUMBER(CTL(&r, "quota", "show", "nobody-here", "-C", CONFIG),
		EX_NOUSER);
	CHECK_NUMBER(CTL(&r, "quota", "show", "a\033[2J", "-C", CONFIG),
		EX_NOUSER);
	CHECK_HAS(r.err, "a\\x1B[2J: invalid");
	CHECK_NUMBER(CTL_AS(1001, &r, "quota", "-C", CONFIG), EX_NOPERM);
	CHECK_HAS(r.err, "must be run as root");
	/* Without a directory for the files. */
	CHECK_NUMBER(CTL(&r, "quota", "scan", "anna", "-C", CONFIG),
		EX_CANTCREAT);
	CHECK_HAS(r.err, ANNA ": No such file or directory; the server creates "
		"the directory when it starts");
}

CU_TestInfo functional_tests[] = {
	{ "show and scan", test_scan },
	{ "set", test_set },
	{ "report, as a table and as JSON", test_report },
	{ "anonymous clients are listed once", test_anonymous },
	{ "quoted and broken headings of accounts", test_quoted },
	{ "an account with a session", test_in_use },
	{ "mistakes", test_mistakes },
	CU_TEST_INFO_NULL,
};
