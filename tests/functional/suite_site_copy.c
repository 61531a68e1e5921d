/*
 * suite_site_copy.c - SITE CPFR and SITE CPTO, which clients use that find
 * SITE COPY in FEAT; suite_site.c has more about SITE COPY itself.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

const char *const functional_name = "site_copy";

#define DOWNLOADS 500		/* the moment in between is short */

#define HOME "/home/anna/"

static void
test_copy(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "a \"file\"", "content", 7);
	files_mkdir_as("anna", HOME "d", 0700);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n SITE COPY\n");
	/* Blanks and quotes are part of the names. */
	size_t mark = logged_mark();
	EXPECT(&c, 350, "SITE CPFR a \"file\"");
	EXPECT(&c, 250, "SITE CPTO d/a  copy");
	CHECK_TEXT(c.text, "250 Copied 7 bytes.");
	CHECK(files_same(HOME "d/a  copy", "content", 7));
	CHECK_LOGGED(mark, "*upload of \"/home/anna/d/a  copy\" complete, "
		"7 bytes in *");
	EXPECT(&c, 350, "site cpfr /home/anna/d/a  copy");
	EXPECT(&c, 200, "NOOP");
	EXPECT(&c, 250, "site cpto /home/anna/copy");
	CHECK(files_same(HOME "copy", "content", 7));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_refusals(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "content", 7);
	files_mkdir_as("anna", HOME "d", 0700);
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 501, "SITE CPFR");
	EXPECT(&c, 550, "SITE CPFR missing");
	EXPECT(&c, 550, "SITE CPFR d");
	EXPECT(&c, 550, "SITE CPFR /etc/shadow");
	EXPECT(&c, 503, "SITE CPTO g");
	/* Only for the next command. */
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 257, "PWD");
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 550, "SITE CPFR missing");
	EXPECT(&c, 503, "SITE CPTO g");
	/* Renaming is another pair. */
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 503, "RNTO g");
	EXPECT(&c, 350, "RNFR f");
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 350, "RNFR f");
	EXPECT(&c, 250, "RNTO g");
	CHECK(!files_exist(HOME "f"));
	EXPECT(&c, 350, "SITE CPFR g");
	EXPECT(&c, 550, "SITE CPTO g");
	CHECK_TEXT(c.text, "550 Source and target are the same file.");
	EXPECT(&c, 350, "SITE CPFR g");
	EXPECT(&c, 550, "SITE CPTO missing/g");
	EXPECT(&c, 350, "SITE CPFR g");
	EXPECT(&c, 501, "SITE CPTO");
	CHECK(files_same(HOME "g", "content", 7));
	ftp_close(&c);
	server_stop(&s);
}

/* What is known to be too large changes nothing. */
static void
test_too_large(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=4") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "1234", 4);
	files_write_as("anna", HOME "large", "12345", 5);
	files_write_as("anna", HOME "old", "old", 3);
	EXPECT(&c, 552, "SITE COPY large old");
	CHECK_HAS(c.text, "files may have at most 4 bytes (max_upload_size)");
	CHECK(files_same(HOME "old", "old", 3));
	EXPECT(&c, 350, "SITE CPFR large");
	EXPECT(&c, 552, "SITE CPTO new");
	CHECK(!files_exist(HOME "new"));
	EXPECT(&c, 250, "SITE COPY f old");
	CHECK(files_same(HOME "old", "1234", 4));
	ftp_close(&c);
	server_stop(&s);
}

/* Whoever looks for files that others may not read is seen. */
static void
test_refused_source(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	size_t mark = logged_mark();
	EXPECT(&c, 550, "SITE COPY /etc/shadow g");
	CHECK_LOGGED(mark, "*download of \"/etc/shadow\" failed after 0 bytes "
		"in * s: Permission denied");
	mark = logged_mark();
	EXPECT(&c, 550, "SITE CPFR missing");
	CHECK_LOGGED(mark, "*download of \"/home/anna/missing\" failed after 0 "
		"bytes in * s: No such file or directory");
	ftp_close(&c);
	server_stop(&s);
}

/* They are not another way to what is denied. */
static void
test_denied(void)
{
	static const struct {
		const char *option;
		int from, to;
	} rows[] = {
		{ "session.commands_denied=SITE_COPY", 504, 504 },
		{ "session.commands_denied=SITE_CPTO", 350, 504 },
		{ "session.commands_denied=SITE", 500, 500 },
		{ "session.commands_allowed=NOOP SITE_COPY", 350, 250 },
		{ "session.commands_allowed=NOOP SITE_TIME", 500, 500 },
		{ "session.permissions=elw", 550, 550 },
		{ "session.permissions=elr", 550, 550 },
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!SERVER(&s, rows[i].option) || !ftp_enter(&c, "anna"))
			return;
		files_write_as("anna", HOME "f", "content", 7);
		EXPECT(&c, rows[i].from, "SITE CPFR f");
		EXPECT(&c, rows[i].to, "SITE CPTO g");
		CHECK(files_exist(HOME "g") == (rows[i].to == 250));
		unlink(HOME "g");
		ftp_close(&c);
		server_stop(&s);
	}
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 530, "SITE CPFR /etc/passwd");
	EXPECT(&c, 530, "SITE CPTO /tmp/x");
	ftp_close(&c);
	server_stop(&s);
}

/* The lock of a download, or of a copy's source, is gone with the reply. */
static void
test_after_reading(void)
{
	struct server s;
	struct ftp a, b;
	int good = 0;

	files_write_as("anna", "/home/anna/f", "text", 4);
	files_write_as("anna", "/home/anna/g", "more", 4);
	if (!SERVER(&s) || !ftp_enter(&a, "anna") || !ftp_enter(&b, "anna"))
		return;
	for (int i = 0; i < DOWNLOADS; i++) {
		size_t len;
		free(ftp_get(&a, &len, "RETR f"));
		good += a.code == 226 &&
			ftp_command(&b, "SITE COPY g f") == 250 &&
			ftp_command(&a, "SITE COPY f h") == 250 &&
			ftp_command(&b, "SITE COPY g f") == 250;
	}
	CHECK_NUMBER(good, DOWNLOADS);
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "SITE CPFR and SITE CPTO copy a file", test_copy },
	{ "refusals, and what ends the pair", test_refusals },
	{ "a file that is too large does not replace anything",
		test_too_large },
	{ "a source that cannot be read is logged", test_refused_source },
	{ "they are refused where SITE COPY is", test_denied },
	{ "a file can be replaced after it was sent or copied",
		test_after_reading },
	CU_TEST_INFO_NULL,
};
