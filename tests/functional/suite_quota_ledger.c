/*
 * suite_quota_ledger.c - quota_format = ledger: the files of other servers are
 * read, and written so that they can read them.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"

#include <sys/stat.h>
#include <utime.h>

const char *const functional_name = "quota_ledger";

#define DIRECTORY "/var/lib/sureftpd/quota"
#define LEDGER	  DIRECTORY "/anna-pwpquota"
#define MARK	  LEDGER ".open"
#define KIB	  1024

#define SETTINGS "quota.quota_format=ledger", "quota.quota_bytes=100k", \
	"quota.quota_file=" DIRECTORY "/%u-pwpquota",                    \
	"quota.site_quota_wording=pwp", "quota.quota_count="

/* The service's account owns the directory, as the server makes it. */
static void
make_ledger(const char *text)
{
	CHECK(mkdir("/var/lib/sureftpd", 0711) == 0);
	CHECK(mkdir(DIRECTORY, 0755) == 0);
	CHECK(chown(DIRECTORY, 905, 905) == 0);
	if (text == NULL)
		return;
	CHECK(files_write_text(LEDGER, text));
	CHECK(chown(LEDGER, 905, 905) == 0);
}

static int64_t
used(struct ftp *c)
{
	int64_t bytes;

	if (ftp_command(c, "SITE QUOTA") != 200)
		return -1;
	return text_number(c->text + 4, strcspn(c->text + 4, " "),
		&bytes) == 0 ? bytes : -1;
}

/* Within ten seconds. */
static bool
becomes_used(struct ftp *c, int64_t bytes)
{
	for (int i = 0; i < 100 && used(c) != bytes; i++)
		usleep(100000);
	return CHECK_NUMBER(used(c), bytes);
}

static bool
enter(struct server *s, struct ftp *c)
{
	return server_start(s, (const char *const[]){ SETTINGS, NULL }) &&
		ftp_enter(c, "anna") && EXPECT(c, 200, "TYPE I");
}

static void
leave(struct server *s, struct ftp *c)
{
	EXPECT(c, 221, "QUIT");
	ftp_close(c);
	server_stop(s);
	CHECK(!files_exist(MARK));
}

/* P9 P10 P12 P34: the sum of the lines is what is used; each change is a
 * further line, up to ten; an empty line is tolerated, and logged once. */
static void
test_lines(void)
{
	struct server s;
	struct ftp c;

	make_ledger("1000\n+500\n\n-200\n");
	if (!enter(&s, &c))
		return;
	CHECK_NUMBER(used(&c), 1300);
	CHECK(files_wait_until(MARK, (bool (*)(const char *, void *))
		(void (*)(void))files_exist, NULL, 5000));
	CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR f"), 226);
	CHECK(files_wait_for_text(LEDGER, "1300\n+5\n"));
	CHECK_NUMBER(ftp_put(&c, "hello you", 9, "STOR f"), 226);
	CHECK(files_wait_for_text(LEDGER, "+4\n"));
	EXPECT(&c, 250, "DELE f");
	CHECK(files_wait_for_text(LEDGER, "-9\n"));
	leave(&s, &c);
	CHECK_TEXT(files_text(LEDGER), "1300\n+5\n+4\n-9\n");
	CHECK_NUMBER((long long)logged_times(0, "*has 1 empty lines*"), 1);
}

/* P13: without a ledger, or with one that is wrong, too old, too long or not
 * positive, the directory is counted. */
static void
test_counted_again(const char *text, time_t age)
{
	struct utimbuf times = { .modtime = time(NULL) - age };
	struct server s;
	struct ftp c;

	times.actime = times.modtime;
	make_ledger(text);
	if (text != NULL)
		CHECK(utime(LEDGER, &times) == 0);
	files_write_as("anna", "/home/anna/f", "1234567", 7);
	if (!server_start(&s, (const char *const[]){ SETTINGS,
		"quota.quota_max_age=48h", "quota.quota_max_changes=10", NULL
		}) || !ftp_enter(&c, "anna"))
		return;
	becomes_used(&c, 7);
	leave(&s, &c);
	CHECK_TEXT(files_text(LEDGER), "7\n");
}

static void
test_missing(void)
{
	test_counted_again(NULL, 0);
}

static void
test_wrong(void)
{
	test_counted_again("1000\n12 apples\n", 0);
	CHECK_NUMBER((long long)logged_times(0, "*line 2 is not a number*"), 1);
}

static void
test_old(void)
{
	test_counted_again("1000\n", 49 * 3600);
}

static void
test_long(void)
{
	test_counted_again("1000\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", 0);
}

static void
test_not_positive(void)
{
	test_counted_again("1000\n-1000\n", 0);
}

/* P13: somebody else writes to it while the server uses it. */
static void
test_changed_by_others(void)
{
	struct server s;
	struct ftp c;

	make_ledger("5000\n");
	files_write_as("anna", "/home/anna/f", "1234567", 7);
	if (!enter(&s, &c))
		return;
	CHECK_NUMBER(used(&c), 5000);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR g"), 226);
	CHECK(files_wait_for_text(LEDGER, "5000\n+1\n"));
	CHECK(files_append_text(LEDGER, "+100\n"));
	CHECK_NUMBER(ftp_put(&c, "xy", 2, "STOR g"), 226);
	becomes_used(&c, 9);
	leave(&s, &c);
	CHECK_TEXT(files_text(LEDGER), "9\n");
	CHECK_NUMBER((long long)logged_times(0, "*" LEDGER " was changed by "
		"another program: /home/anna will be counted again*"), 1);
}

/* The account could change it: it is not used. */
static void
test_writable(void)
{
	struct server s;
	struct ftp c;

	make_ledger("5000\n");
	CHECK(chmod(DIRECTORY, 0777) == 0);
	files_write_as("anna", "/home/anna/f", "1234567", 7);
	if (!enter(&s, &c))
		return;
	becomes_used(&c, 7);
	leave(&s, &c);
	CHECK_TEXT(files_text(LEDGER), "5000\n");
}

CU_TestInfo functional_tests[] = {
	{ "P9 P10 P12 P34 lines", test_lines },
	{ "P13 it is missing", test_missing },
	{ "P13 it is wrong", test_wrong },
	{ "P11 P13 it is too old", test_old },
	{ "P12 P13 it has too many lines", test_long },
	{ "P13 its sum is not positive", test_not_positive },
	{ "P13 others write to it", test_changed_by_others },
	{ "the account could write to it", test_writable },
	CU_TEST_INFO_NULL,
};
