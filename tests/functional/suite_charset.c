/*
 * suite_charset.c - filename_charset: clients that know no UTF-8.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"

#include <sys/stat.h>

const char *const functional_name = "charset";

#define CAMERA	 "127.0.0.5"
#define HOME	 "/home/anna/"
#define UMLAUT	 "gr\xc3\xbc\xc3\x9f" "e"	/* on disk */
#define LATIN	 "gr\xfc\xdf" "e"		/* on the wire */
#define TABLE	 "\xe8\xa1\xa8"			/* Japanese */
#define TABLE_SJ "\x95\x5c"			/* its second byte: backslash */

static void
check_listing(struct ftp *c, const char *command, const char *expected)
{
	size_t len = 0;
	char *text = ftp_get(c, &len, "%s", command);

	CHECK_NUMBER(c->code, 226);
	CHECK_SAYS(text != NULL && strstr(text, expected) != NULL,
		"%s: no %s in:\n%s", command, expected,
		text == NULL ? "" : text);
	free(text);
}

/* All commands with names, by a client of one network. */
static void
test_latin(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"" CAMERA "\".filename_charset=iso-8859-1",
	    "session.jail=home") ||
	    !ftp_enter_to(&c, FTP_HOST, CAMERA, "anna"))
		return;
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "UTF8");
	size_t mark = logged_mark();
	EXPECT(&c, 257, "MKD " LATIN);
	CHECK_TEXT(c.text, "257 \"/" LATIN "\" created.");
	CHECK(files_exist(HOME UMLAUT));
	CHECK_LOGGED(mark, "*created directory \"" HOME UMLAUT "\"*");
	EXPECT(&c, 250, "CWD " LATIN);
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/" LATIN "\"");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR " LATIN ".txt"), 226);
	CHECK(files_same(HOME UMLAUT "/" UMLAUT ".txt", "x", 1));
	check_listing(&c, "LIST", " " LATIN ".txt\r\n");
	check_listing(&c, "NLST", LATIN ".txt\r\n");
	check_listing(&c, "MLSD", " " LATIN ".txt\r\n");
	check_listing(&c, "NLST *\xfc*", LATIN ".txt\r\n");
	EXPECT(&c, 213, "SIZE " LATIN ".txt");
	EXPECT(&c, 250, "MLST " LATIN ".txt");
	CHECK_HAS(c.text, " /" LATIN "/" LATIN ".txt\n");
	EXPECT(&c, 213, "STAT " LATIN ".txt");
	CHECK_HAS(c.text, " " LATIN ".txt\n");
	EXPECT(&c, 350, "RNFR " LATIN ".txt");
	EXPECT(&c, 250, "RNTO \xe4.txt");
	CHECK(files_exist(HOME UMLAUT "/\xc3\xa4.txt"));
	/* A letter that is also a Telnet command is doubled in replies. */
	EXPECT(&c, 257, "MKD \xff\xff");
	CHECK_HAS(c.text, "\xff\xff\"");
	CHECK(files_exist(HOME UMLAUT "/\xc3\xbf"));
	check_listing(&c, "NLST", "\xff\r\n");
	EXPECT(&c, 250, "DELE \xe4.txt");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_japanese(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "user anna.filename_charset=shift_jis",
	    "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR " TABLE_SJ), 226);
	CHECK(files_same(HOME TABLE, "x", 1));
	check_listing(&c, "NLST", TABLE_SJ "\r\n");
	/* Not in the set; and no UTF-8 at all. */
	files_write_as("anna", HOME UMLAUT, "x", 1);
	files_write_as("anna", HOME "raw\xfc", "x", 1);
	check_listing(&c, "NLST", "gr??e\r\n");
	check_listing(&c, "NLST", "raw?\r\n");
	/* Half a character. */
	EXPECT(&c, 501, "DELE a\x95");
	CHECK_TEXT(c.text, "501 Command is not valid in shift_jis "
		"(filename_charset).");
	/* It resets what the former command has prepared, like any other. */
	EXPECT(&c, 350, "RNFR " TABLE_SJ);
	EXPECT(&c, 501, "RNTO a\x95");
	EXPECT(&c, 503, "RNTO b");
	/* Twice as long in UTF-8: the limit is that of all lines. */
	char name[3600];
	memset(name, 0xb1, sizeof(name));
	EXPECT(&c, 500, "SIZE %.*s", (int)sizeof(name), name);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* The client may choose UTF-8, before the login or after. */
static void
test_opts(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.filename_charset=windows-1252"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 200, "OPTS UTF8 ON");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n UTF8\n");
	EXPECT(&c, 257, "MKD " UMLAUT);
	CHECK(files_exist(HOME UMLAUT));
	EXPECT(&c, 200, "OPTS UTF8 OFF");
	CHECK_TEXT(c.text, "200 File names are in windows-1252.");
	EXPECT(&c, 250, "RMD " LATIN);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "UTF8");
	EXPECT(&c, 200, "OPTS UTF8 ON");
	CHECK_TEXT(c.text, "200 UTF-8 is on.");
	ftp_close(&c);
	/* Before the login nothing is converted: a name is not a file's. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 257, "MKD " LATIN);
	CHECK(files_exist(HOME UMLAUT));
	ftp_close(&c);
	server_stop(&s);
}

/* By the name of the client's program, which it sends after the login. */
static void
test_clnt(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"clnt:Old*\".filename_charset=koi8-r") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "OPTS UTF8 OFF");
	CHECK_TEXT(c.text, "200 UTF-8 is on.");
	EXPECT(&c, 257, "MKD " UMLAUT);
	CHECK(files_exist(HOME UMLAUT));
	EXPECT(&c, 200, "CLNT Old 1.0");
	EXPECT(&c, 257, "MKD \xd1");
	CHECK(files_exist(HOME "\xd1\x8f"));
	EXPECT(&c, 200, "CLNT New 1.0");
	EXPECT(&c, 257, "MKD \xd1\x8e");
	CHECK(files_exist(HOME "\xd1\x8e"));
	ftp_close(&c);
	server_stop(&s);
}

/* Who has no such setting is not affected. */
static void
test_others(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "user bert.filename_charset=iso-8859-1") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n UTF8\n");
	EXPECT(&c, 200, "OPTS UTF8 OFF");
	CHECK_TEXT(c.text, "200 UTF-8 is always on.");
	EXPECT(&c, 257, "MKD " LATIN);
	CHECK(files_exist(HOME LATIN));
	check_listing(&c, "NLST", LATIN "\r\n");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a client in Latin-1, all commands with names", test_latin },
	{ "a client in Shift-JIS, and invalid bytes", test_japanese },
	{ "OPTS UTF8 switches", test_opts },
	{ "by the name of the program", test_clnt },
	{ "nobody else is affected", test_others },
	CU_TEST_INFO_NULL,
};
