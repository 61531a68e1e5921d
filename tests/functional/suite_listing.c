/*
 * suite_listing.c - LIST, NLST, MLSD, MLST and STAT of a path.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <sys/stat.h>
#include <utime.h>

const char *const functional_name = "listing";

static void
test_long(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	CHECK_LISTING(&c, "LIST a",
		"-rw-r--r--   1 anna     anna            3 Feb  3  2001 a\r\n");
	char *text = lists_get(&c, "LIST");
	CHECK_NUMBER(lists_count_lines(text), 4);
	CHECK_HAS(text, " Feb  3  2001 a\r\n");
	CHECK_HAS(text, " dir\r\n");
	CHECK_HAS(text, "lrwxrwxrwx");
	CHECK_HAS(text, " link -> a\r\n");
	CHECK_LACKS(text, "hidden");
	CHECK_LACKS(text, "total");
	free(text);
	text = lists_get(&c, "LIST -la");
	CHECK_HAS(text, " .hidden\r\n");
	CHECK_HAS(text, " .\r\n");
	CHECK_HAS(text, " ..\r\n");
	free(text);
	CHECK_LISTING(&c, "LIST dir",
		"-rw-r--r--   1 anna     anna            2 Feb  3  2001"
		" inner\r\n");
	text = lists_get(&c, "LIST -d dir");
	CHECK_NUMBER(lists_count_lines(text), 1);
	CHECK_HAS(text, "drwxr-xr-x");
	free(text);
	EXPECT(&c, 550, "LIST missing");
	EXPECT(&c, 550, "LIST /home/bert");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_order(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	CHECK(unlink("/home/anna/link") == 0 && unlink("/home/anna/a") == 0);
	files_write_as("anna", "/home/anna/dir/a", "123456", 6);
	files_write_as("anna", "/home/anna/dir/z", "1", 1);
	EXPECT(&c, 250, "CWD dir");
	struct utimbuf t = { 1000, 1000 };
	CHECK(utime("/home/anna/dir/z", &t) == 0);
	CHECK_LISTING(&c, "NLST -S", "a\r\ninner\r\nz\r\n");
	CHECK_LISTING(&c, "NLST -Sr", "z\r\ninner\r\na\r\n");
	CHECK_LISTING(&c, "NLST -t", "a\r\ninner\r\nz\r\n");
	CHECK_LISTING(&c, "NLST -tr", "z\r\ninner\r\na\r\n");
	CHECK_LISTING(&c, "NLST -r", "z\r\ninner\r\na\r\n");
	CHECK_LISTING(&c, "LIST -1S", "a\r\ninner\r\nz\r\n");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_patterns(void)
{
	struct server s;
	struct ftp c;
	char line[600];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	files_write_as("anna", "/home/anna/dir/other", "x", 1);
	CHECK_LISTING(&c, "NLST dir/in*", "dir/inner\r\n");
	CHECK_LISTING(&c, "NLST [b-c]", "b\r\n");
	CHECK_LISTING(&c, "NLST -S dir/?????", "dir/inner\r\ndir/other\r\n");
	CHECK_LISTING(&c, "NLST -S /home/anna/dir/*r",
		"/home/anna/dir/inner\r\n/home/anna/dir/other\r\n");
	char *text = lists_get(&c, "LIST b*");
	CHECK_NUMBER(lists_count_lines(text), 1);
	free(text);
	/* Nothing matches: an empty list. */
	size_t len = 0;
	text = ftp_get(&c, &len, "NLST nothing*");
	EXPECT_WAS(&c, 226);
	CHECK_NUMBER(len, 0);
	free(text);
	/* Rule R11: no braces, no ~, and patterns that cost too much. */
	EXPECT(&c, 550, "NLST {a,b}");
	EXPECT(&c, 550, "NLST ~root");
	snprintf(line, sizeof(line), "NLST %s", "*a*a*a*a*a*a*a*a*a*a*a*a*b");
	ftp_command(&c, "%s", line);
	CHECK_SAYS(c.code >= 400, "%s", c.text);
	EXPECT(&c, 200, "NOOP");
	/* A file name that looks like a pattern. */
	files_write_as("anna", "/home/anna/dir/x[1]*", "x", 1);
	text = lists_get(&c, "NLST dir/x*");
	CHECK_HAS(text, "x[1]*");
	free(text);
	/* A bracket that is not closed is an ordinary character. */
	CHECK_LISTING(&c, "NLST dir/x[*", "dir/x[1]*\r\n");
	CHECK_LISTING(&c, "NLST dir/?[1?*", "dir/x[1]*\r\n");
	EXPECT(&c, 550, "NLST dir/x[2");
	CHECK_HAS(c.text, "No such file or directory.");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_names_only(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	char *text = lists_get(&c, "NLST");
	CHECK_NUMBER(lists_count_lines(text), 4);
	CHECK_HAS(text, "link\r\n");
	free(text);
	CHECK_LISTING(&c, "NLST b", "b\r\n");
	EXPECT(&c, 257, "MKD empty");
	CHECK_LISTING(&c, "NLST empty", "");
	CHECK_LISTING(&c, "LIST empty", "");
	EXPECT(&c, 550, "NLST missing");
	ftp_close(&c);
	server_stop(&s);
}

/* RFC 3659 7 */
static void
test_facts(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	EXPECT(&c, 250, "MLST a");
	CHECK_HAS(c.text, "\n type=file;size=3;modify=20010203040506;perm=");
	CHECK_HAS(c.text, "UNIX.mode=0644;");
	CHECK_HAS(c.text, "; /home/anna/a\n");
	EXPECT(&c, 250, "MLST");
	CHECK_HAS(c.text, "type=dir;");
	CHECK_HAS(c.text, " /home/anna\n");
	EXPECT(&c, 550, "MLST missing");
	EXPECT(&c, 200, "OPTS MLST type;size;");
	char *text = lists_get(&c, "MLSD");
	CHECK_HAS(text, "type=cdir;");
	CHECK_HAS(text, "type=file;size=3; a\r\n");
	CHECK_HAS(text, "type=file;size=0; .hidden\r\n");
	CHECK_HAS(text, "type=dir;");
	CHECK_LACKS(text, "modify");
	free(text);
	EXPECT(&c, 501, "MLSD a");
	EXPECT(&c, 550, "MLSD missing");
	EXPECT(&c, 200, "OPTS MLST ");
	text = lists_get(&c, "MLSD dir");
	CHECK_HAS(text, " inner\r\n");
	CHECK_LACKS(text, "=");
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

/* The perm fact tells what this account may do here. */
static void
test_perm_fact(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	EXPECT(&c, 200, "OPTS MLST perm;");
	EXPECT(&c, 250, "MLST a");
	CHECK_HAS(c.text, "r");
	CHECK_HAS(c.text, "w");
	EXPECT(&c, 250, "MLST /etc/passwd");
	CHECK_HAS(c.text, "\n perm=r; /etc/passwd\n");
	EXPECT(&c, 250, "MLST /etc");
	CHECK_HAS(c.text, "\n perm=el; /etc\n");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_stat_path(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	lists_make_tree();
	EXPECT(&c, 213, "STAT .");
	CHECK_HAS(c.text, " dir\n");
	CHECK_HAS(c.text, " Feb  3  2001 a\n");
	EXPECT(&c, 213, "STAT a");
	CHECK_HAS(c.text, "-rw-r--r--");
	EXPECT(&c, 550, "STAT missing");
	/* A name that looks like the end of the reply is not. */
	files_write_as("anna", "/home/anna/213 End.", "x", 1);
	EXPECT(&c, 213, "STAT -1 .");
	CHECK_HAS(c.text, " 213 End.\n");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_names_that_break_lines(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/x\ny\rz", "", 0);
	CHECK_LISTING(&c, "NLST", "x?y?z\r\n");
	char *text = lists_get(&c, "LIST");
	CHECK_NUMBER(lists_count_lines(text), 1);
	free(text);
	text = lists_get(&c, "MLSD");
	CHECK_HAS(text, " x?y?z\r\n");
	free(text);
	EXPECT(&c, 213, "STAT .");
	CHECK_HAS(c.text, " x?y?z\n");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_five_thousand_entries(void)
{
	static const char *const commands[] = { "LIST", "NLST", "MLSD",
		"LIST -t", "NLST -S", "LIST -R" };
	struct server s;
	struct ftp c;
	char path[64];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 5000; i++) {
		snprintf(path, sizeof(path), "/home/anna/file-%04d", i);
		files_write_as("anna", path, "", 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		char *text = lists_get(&c, commands[i]);
		size_t lines = lists_count_lines(text);
		CHECK_SAYS(lines >= 5000 && lines <= 5003, "%s: %zu lines",
			commands[i], lines);
		CHECK_HAS(text, "file-0000\r\n");
		CHECK_HAS(text, "file-4999\r\n");
		free(text);
	}
	EXPECT(&c, 213, "STAT .");
	CHECK(lists_count_lines(c.text) >= 5000);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_bounds(void)
{
	struct server s;
	struct ftp c;
	char path[400] = "/home/anna";

	if (!SERVER(&s, "limits.max_list_entries=100",
		    "limits.max_list_depth=3") ||
	    !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 8; i++) {
		size_t len = strlen(path);
		snprintf(path + len, sizeof(path) - len, "/level%d", i);
		files_mkdir_as("anna", path, 0755);
	}
	/* A link to a parent directory must not cause endless recursion. */
	CHECK(symlink("/home/anna", "/home/anna/level0/up") == 0);
	char *text = lists_get(&c, "LIST -R");
	CHECK_HAS(text, "level2");
	CHECK_LACKS(text, "level5");
	free(text);
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/home/anna/f%03d", i);
		files_write_as("anna", path, "", 0);
	}
	text = lists_get(&c, "LIST -R");
	size_t lines = lists_count_lines(text);
	CHECK_SAYS(lines >= 100 && lines <= 103, "%zu lines", lines);
	free(text);
	/* NLST cannot report this in its output. */
	free(lists_get(&c, "NLST -R"));
	CHECK_HAS(c.text, "the listing was truncated (max_list_entries");
	/* A directory that is too large to be sorted is listed unsorted, but
	 * completely. */
	text = lists_get(&c, "LIST -t");
	CHECK_NUMBER(lists_count_lines(text), 301);
	CHECK_TEXT(c.text, "226 Transfer complete.");
	free(text);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session: "
		"listing of * is not sorted: more than 100 entries "
		"(max_list_entries)");
	ftp_close(&c);
	server_stop(&s);
}

/* S39 */
static void
test_time_zone(void)
{
	struct server s;
	struct ftp c;
	time_t now = time(NULL) - 7200;
	struct tm t;
	char text[16];

	for (int gmt = 0; gmt < 2; gmt++) {
		if (!SERVER(&s, gmt ? "server.list_times=gmt"
				    : "server.list_times=local") ||
		    !ftp_enter(&c, "anna"))
			return;
		files_write_as("anna", "/home/anna/f", "", 0);
		struct utimbuf u = { now, now };
		CHECK(utime("/home/anna/f", &u) == 0);
		setenv("TZ", "Europe/Berlin", 1);
		tzset();
		CHECK((gmt ? gmtime_r(&now, &t) : localtime_r(&now, &t)) !=
			NULL);
		strftime(text, sizeof(text), " %H:%M f", &t);
		char *list = lists_get(&c, "LIST");
		CHECK_HAS(list, text);
		free(list);
		CHECK(gmtime_r(&now, &t) != NULL);
		strftime(text, sizeof(text), "%Y%m%d%H%M%S", &t);
		EXPECT(&c, 213, "MDTM f");
		CHECK_HAS(c.text, text);
		ftp_close(&c);
		server_stop(&s);
	}
}

CU_TestInfo functional_tests[] = {
	{ "LIST looks like ls -l", test_long },
	{ "-t, -S and -r sort", test_order },
	{ "patterns work in the last component, within bounds",
		test_patterns },
	{ "NLST gives names", test_names_only },
	{ "MLSD and MLST show the selected facts", test_facts },
	{ "the perm fact shows what the account may do", test_perm_fact },
	{ "STAT of a path lists on the control connection",
		test_stat_path },
	{ "a name with line ends is shown on one line",
		test_names_that_break_lines },
	{ "five thousand entries", test_five_thousand_entries },
	{ "sorted and recursive listings are bounded", test_bounds },
	{ "LIST shows GMT or local time, MDTM always GMT", test_time_zone },
	CU_TEST_INFO_NULL,
};
