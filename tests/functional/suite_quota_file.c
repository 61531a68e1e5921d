/*
 * suite_quota_file.c - where the count is kept, when a directory is counted
 * again, soft limits, and the bookkeeper's life.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/passwd.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/waiting.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_file";

#define KIB   1024
#define ROOT  "/home/anna"
#define FILE_ "/var/lib/sureftpd/quota/%home%anna"

/* What is there at the first login counts; afterwards the file says it. */
static void
test_kept(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", ROOT "/d", 0700);
	char *data = files_pattern(30 * KIB);
	files_write_as("anna", ROOT "/d/f", data, 30 * KIB);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 30 * KIB);
	CHECK_NUMBER(quotas_put(&c, 80 * KIB, "STOR big"), 552);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	EXPECT(&c, 250, "DELE big");
	CHECK_FILE(FILE_, "bytes 30720\n");
	CHECK_HAS(files_text(FILE_), "state open\n");
	ftp_close(&c);
	CHECK_FILE(FILE_, "state closed\n");
	CHECK_HAS(files_text(FILE_), "bytes 30720\nfiles 1\n");
	server_stop(&s);
	/* Not counted again: what others store is not known yet. */
	files_write_as("anna", ROOT "/g", data, 5);
	free(data);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 30 * KIB);
	quotas_end(&s, &c);
}

/* Everything that makes a directory be counted again. */
static void
check_counted_again(const char *content, const char *option)
{
	struct server s;
	struct ftp c;

	CHECK(content == NULL ? unlink(FILE_) == 0 :
		files_write_text(FILE_, content));
	if (!quotas_begin(&s, &c, option, NULL))
		return;
	CHECK(quotas_become(&c, 7));
	quotas_end(&s, &c);
}

#define HEAD "# sureftpd quota\nbytes 500\nfiles 1\n"
#define OLD  HEAD "counted 1000000\nchanges 3\nstate closed\nend\n"

static void
test_counted_again(void)
{
	struct server s;
	struct ftp c;

	files_write_as("anna", ROOT "/f", "1234567", 7);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 7);
	quotas_end(&s, &c);
	check_counted_again(NULL, NULL);
	check_counted_again("", NULL);
	check_counted_again("nonsense\n", NULL);
	check_counted_again(HEAD "state closed\n", NULL);
	check_counted_again(HEAD "bytes -4\nstate closed\nend\n", NULL);
	check_counted_again(HEAD "bytes 99999999999999999999\nend\n", NULL);
	check_counted_again(HEAD "counted 9\nstate open\nend\n",
		"quota.quota_max_age=0");
	check_counted_again(OLD, "quota.quota_max_age=3600");
	/* More changes than that. */
	files_writef(FILE_, "%s", OLD);
	if (!quotas_begin(&s, &c, "quota.quota_max_age=0",
		"quota.quota_max_changes=4"))
		return;
	CHECK_NUMBER(quotas_used(&c), 500);
	/* What is gone before it is counted would not be a change. */
	CHECK_NUMBER(quotas_put(&c, 1, "STOR g"), 226);
	CHECK(quotas_become(&c, 501));
	EXPECT(&c, 250, "DELE g");
	CHECK(quotas_become(&c, 7));
	/* Less than nothing is left: it was wrong. */
	ftp_close(&c);
	CHECK_FILE(FILE_, "state closed\n");
	CHECK_NUMBER(chmod(FILE_, 0644), 0);
	char *data = files_pattern(5 * KIB);
	files_write_as("anna", ROOT "/h", data, 5 * KIB);
	free(data);
	CHECK(ftp_enter(&c, "anna"));
	CHECK_NUMBER(quotas_used(&c), 7);
	EXPECT(&c, 250, "DELE h");
	CHECK(quotas_become(&c, 7));
	quotas_end(&s, &c);
}

/* The account could change its own count: it is kept in memory only. */
static void
test_not_in_the_accounts_reach(void)
{
	struct server s;
	struct ftp c;

	CHECK(mkdir("/home/all", 0777) == 0 && chmod("/home/all", 0777) == 0);
	if (!quotas_begin(&s, &c, "quota.quota_file=/home/all/%u", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 10);
	CHECK_FILE(SERVER_ERRORS, "cannot keep the quota of " ROOT " in "
		"/home/all/anna: the account could change it");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "anna"));
	CHECK_NUMBER(quotas_used(&c), 10);
	CHECK(!files_exist("/home/all/anna"));
	quotas_end(&s, &c);
}

static void
test_shared(void)
{
	struct server s;
	struct ftp c, other;

	files_mkdir_as("anna", "/home/team", 0777);
	CHECK(chmod("/home/team", 0777) == 0);
	if (!quotas_begin(&s, &c, "quota.quota_root=/home/team",
		"quota.quota_file=/var/lib/sureftpd/quota/team") ||
		!ftp_enter(&other, "bert"))
		return;
	EXPECT(&other, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR /home/team/a"), 226);
	CHECK_NUMBER(quotas_put(&other, 60 * KIB, "STOR /home/team/b"), 552);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	/* Their homes do not count. */
	CHECK_NUMBER(quotas_put(&other, 10 * KIB, "STOR mine"), 226);
	CHECK_NUMBER(quotas_used(&other), 100 * KIB);
	ftp_close(&other);
	quotas_end(&s, &c);
	CHECK_FILE("/var/lib/sureftpd/quota/team", "bytes 102400\n");
}

static void
test_soft(void)
{
	struct server s;
	struct ftp c;

	server_configure("[quota]\nquota_grace = 2\n");
	if (!quotas_begin(&s, &c, "quota.quota_soft_bytes=10k",
		    "quota.site_quota_wording=plain"))
		return;
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR a"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete.");
	CHECK_NUMBER(quotas_put(&c, 1, "STOR b"), 226);
	CHECK_HAS(c.text, "226 Transfer complete; soft quota exceeded, ");
	CHECK_HAS(c.text, " left to delete files.");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "anna"));
	CHECK_HAS(c.text, "230-soft quota exceeded, ");
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, " used, soft limit 10240 bytes");
	wait_for_time(2100);	/* quota_grace */
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, "soft quota exceeded, delete files before storing "
		"more");
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR d");
	ftp_data_close(&c);
	EXPECT(&c, 552, "ALLO 1");
	CHECK_FILE(SERVER_ERRORS, "Soft quota exceeded for longer than "
		"quota_grace");
	EXPECT(&c, 250, "DELE b");
	CHECK_NUMBER(ftp_put(&c, "", 0, "STOR d"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete.");
	quotas_end(&s, &c);
}

/* A directory that the account cannot read cannot be counted. */
static void
test_not_counted(void)
{
	struct server s;
	struct ftp c;

	CHECK(mkdir("/home/closed", 0700) == 0);
	if (!quotas_begin(&s, &c, "quota.quota_root=/home/closed",
		"quota.quota_cache=0"))
		return;
	CHECK_FILE(SERVER_ERRORS, "cannot count /home/closed: ");
	EXPECT(&c, 452, "SITE QUOTA");
	/* It is elsewhere that this session stores. */
	CHECK_NUMBER(quotas_put(&c, 1, "STOR f"), 226);
	CHECK(chown("/home/closed", 1001, 1001) == 0);
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 452, "STOR /home/closed/f");
	CHECK_HAS(c.text, "being counted, try again later");
	ftp_data_close(&c);
	quotas_end(&s, &c);
}

/* If the accounts file has the first quota, the bookkeeper is started by a
 * reload; until then its account can store nothing. */
static void
test_accounts_file(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, QUOTAS_BYTES, PASSWD_BACKENDS) ||
	    !passwd_add("wanda", "wanda-pw", "quota_bytes=4k"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "wanda", "wanda-pw"), 230);
	EXPECT(&c, 452, "SITE QUOTA");
	CHECK_FILE(SERVER_ERRORS, "the bookkeeper does not run");
	ftp_close(&c);
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_FILE(SERVER_ERRORS, "configuration reloaded");
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "wanda", "wanda-pw"), 230);
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 0 out of 4096 bytes of quota used.");
	quotas_end(&s, &c);
}

/* What a section sets, and what the session may see of it. */
static void
test_sections(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, QUOTAS_BYTES))
		return;
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 No quotas for this account.");
	server_configure("[user anna]\nquota_bytes = 5000\n"
		"[group team]\nquota_bytes = 7000\n");
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_FILE(SERVER_ERRORS, "configuration reloaded");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 0 out of 5000 bytes of quota used.");
	EXPECT(&c, 214, "SITE HELP");
	CHECK_HAS(c.text, "SITE QUOTA - ");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "bert"));
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 0 out of 7000 bytes of quota used.");
	quotas_end(&s, &c);
}

/* --- the process */

static void
test_process(void)
{
	struct proc p;
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 0);
	server_stop(&s);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 1);
	CHECK_NUMBER(p.uid[0], 905);
	CHECK_NUMBER(p.permitted | p.bounding, 0);
	CHECK_NUMBER(p.no_new_privs, 1);
	CHECK_NUMBER(procs_listening(p.pid), 0);
	ftp_close(&c);
	server_stop(&s);
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 0);
}

/* The session goes on with the next one, which counts again. */
static void
test_bookkeeper_dies(void)
{
	struct server s;
	struct ftp c;
	struct proc p;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR a"), 226);
	CHECK_NUMBER(ftp_start(&c, "STOR b"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(ROOT "/b", 5));
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 1);
	CHECK(kill(p.pid, SIGKILL) == 0);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK(quotas_become(&c, 10 * KIB + 5));
	CHECK_NUMBER(quotas_put(&c, 100 * KIB, "STOR c"), 552);
	CHECK(quotas_become(&c, 100 * KIB));
	CHECK_NUMBER(quotas_recount(ROOT), 100 * KIB);
	quotas_end(&s, &c);
}

/* Reservations survive. */
static void
test_reload_and_upgrade(void)
{
	static const int signals[] = { SIGHUP, SIGUSR2 };
	struct server s;
	struct ftp c, other;
	struct proc before, after;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &before, 1), 1);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		EXPECT(&c, 200, "ALLO %d", 60 * KIB);
		CHECK_NUMBER(ftp_start(&c, "STOR b"), 150);
		CHECK(files_wait_for_size(ROOT "/b", 0));
		CHECK(kill(s.pid, signals[i]) == 0);
		CHECK_FILE(SERVER_ERRORS, i == 0 ? "configuration reloaded" :
			"restarted in place");
		CHECK(ftp_enter(&other, "anna"));
		EXPECT(&other, 552, "ALLO %d", 60 * KIB);
		ftp_data_send(&c, "hello", 5);
		CHECK_NUMBER(ftp_finish(&c), 226);
		CHECK(quotas_become(&other, 5));
		EXPECT(&other, 200, "ALLO %d", 60 * KIB);
		EXPECT(&other, 250, "DELE b");
		ftp_close(&other);
	}
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &after, 1), 1);
	CHECK_NUMBER(before.pid, after.pid);
	/* Scanners are still started. */
	CHECK(ftp_enter(&other, "bert"));
	CHECK_NUMBER(quotas_used(&other), 0);
	ftp_close(&other);
	quotas_end(&s, &c);
}

CU_TestInfo functional_tests[] = {
	{ "P9 P10 the count is kept", test_kept },
	{ "P11 P12 P13 P27 P34 a directory is counted again",
	    test_counted_again },
	{ "P9 P33 not where the account could change it",
	    test_not_in_the_accounts_reach },
	{ "accounts that share a directory", test_shared },
	{ "soft limits", test_soft },
	{ "P7 a directory that is not counted yet", test_not_counted },
	{ "P6 P24 P29 quotas of accounts and groups", test_sections },
	{ "quotas in the accounts file", test_accounts_file },
	{ "P25 the bookkeeper's process", test_process },
	{ "the bookkeeper dies during an upload", test_bookkeeper_dies },
	{ "reload and upgrade during an upload", test_reload_and_upgrade },
	CU_TEST_INFO_NULL,
};
