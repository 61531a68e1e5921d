/*
 * suite_hash.c - HASH and the older commands: results, permissions and
 * cancelling.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/logged.h"

#include <unistd.h>

const char *const functional_name = "hash";

#define F "/home/anna/a file"
#define SHA512 "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff7251967" \
	"3ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73" \
	"bcdec043"
#define SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c" \
	"1fa7425e73043362938b9824"
#define SHA1   "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"
#define MD5    "5d41402abc4b2a76b9719d911017c592"

static void
test_hash(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "hello", 5);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n HASH SHA-256*;SHA-512;SHA-1;MD5;CRC32\n");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 SHA-256 0-4 " SHA256 " a file");
	EXPECT(&c, 200, "OPTS HASH sha-1");
	CHECK_TEXT(c.text, "200 SHA-1");
	EXPECT(&c, 501, "OPTS HASH SHA-3");
	EXPECT(&c, 200, "OPTS HASH");
	CHECK_TEXT(c.text, "200 SHA-1");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 SHA-1 0-4 " SHA1 " a file");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "SHA-256;SHA-512;SHA-1*;");
	EXPECT(&c, 550, "HASH missing");
	EXPECT(&c, 550, "HASH .");
	EXPECT(&c, 550, "HASH /etc/shadow");
	ftp_close(&c);
	server_stop(&s);
}

/* HASH after RANG, which counts for one command. */
static void
test_range(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "hello", 5);
	files_write_as("anna", "/home/anna/empty", "", 0);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "OPTS HASH CRC32");
	EXPECT(&c, 350, "RANG 1 3");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 CRC32 1-3 3c11d901 a file");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 CRC32 0-4 3610a686 a file");
	EXPECT(&c, 350, "RANG 1 5");
	EXPECT(&c, 554, "HASH a file");
	EXPECT(&c, 350, "RANG 1 3");
	EXPECT(&c, 350, "RANG 1 0");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 CRC32 0-4 3610a686 a file");
	/* A restart is none. */
	EXPECT(&c, 350, "REST 2");
	EXPECT(&c, 213, "HASH a file");
	CHECK_TEXT(c.text, "213 CRC32 0-4 3610a686 a file");
	EXPECT(&c, 213, "HASH empty");
	CHECK_TEXT(c.text, "213 CRC32 0-0 00000000 empty");
	ftp_close(&c);
	server_stop(&s);
}

/* What was chosen before login counts after it, in the clear and under TLS. */
static void
test_chosen_before_login(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s) || !ftps_connect(&t))
		return;
	EXPECT(&t.c, 200, "OPTS HASH MD5");
	CHECK(ftps_login(&t, "anna"));
	files_write_as("anna", F, "hello", 5);
	EXPECT(&t.c, 213, "HASH a file");
	CHECK_TEXT(t.c.text, "213 MD5 0-4 " MD5 " a file");
	EXPECT(&t.c, 250, "XSHA256 a file");
	CHECK_TEXT(t.c.text, "250 " SHA256);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Quoted or not, with a range or without, and a name that looks like both. */
static void
test_older(void)
{
	static const struct {
		const char *line, *hash;
	} rows[] = {
		{ "XCRC a file", "3610a686" },
		{ "xcrc \"a file\"", "3610a686" },
		{ "XMD5 a file", MD5 },
		{ "XSHA1 a file", SHA1 },
		{ "XSHA256 \"a file\"", SHA256 },
		{ "XSHA512 a file", SHA512 },
		{ "XCRC a file 1 4", "3c11d901" },
		{ "XCRC a file 3", "e50bf11b" },
		{ "XCRC \"a file\" 1 4", "3c11d901" },
		{ "XCRC a file 0 5", "3610a686" },
		{ "XCRC a file 2 2", "00000000" },
		{ "XCRC f 1 2", "e50bf11b" },
	};
	struct server s;
	struct ftp c;
	char text[200];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "hello", 5);
	files_write_as("anna", "/home/anna/f 1 2", "hel", 3);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT(&c, 250, "%s", rows[i].line);
		snprintf(text, sizeof(text), "250 %s", rows[i].hash);
		CHECK_TEXT(c.text, text);
	}
	EXPECT(&c, 554, "XCRC a file 1 6");
	EXPECT(&c, 554, "XCRC a file 4 3");
	EXPECT(&c, 550, "XCRC missing 1 2");
	EXPECT(&c, 501, "XCRC");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_limits(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_hash_size=4") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "hello", 5);
	EXPECT(&c, 550, "HASH a file");
	CHECK_HAS(c.text, "(max_hash_size)");
	EXPECT(&c, 550, "XCRC a file 0 5");
	EXPECT(&c, 250, "XCRC a file 0 4");
	EXPECT(&c, 250, "XCRC a file 1 4");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.permissions=elw") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "HASH a file");
	CHECK_HAS(c.text, "550 No permission to download files");
	EXPECT(&c, 550, "XMD5 a file");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.hash_commands=no") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 502, "HASH a file");
	EXPECT(&c, 502, "XMD5 a file");
	EXPECT(&c, 501, "OPTS HASH MD5");
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "HASH");
	CHECK_LACKS(c.text, "XCRC");
	EXPECT(&c, 214, "HELP");
	CHECK_LACKS(c.text, "XSHA1");
	ftp_close(&c);
	server_stop(&s);
}

static void
make_endless(void)
{
	files_write_as("anna", "/home/anna/endless", "", 0);
	CHECK(truncate("/home/anna/endless", INT64_C(1) << 40) == 0);
}

/* A terabyte of zeros would take many minutes. */
static void
test_abort(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_hash_size=0") || !ftp_enter(&c, "anna"))
		return;
	make_endless();
	ftp_send_text(&c, "HASH endless\r\n");
	CHECK(!ftp_replies_within(&c, 300));
	/* Commands received meanwhile are queued: replies are in order. */
	ftp_send_text(&c, "NOOP\r\n");
	CHECK(!ftp_replies_within(&c, 300));
	ftp_send_text(&c, "ABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 200);
	EXPECT_REPLY(&c, 226);
	EXPECT(&c, 250, "XCRC endless 1");
	/* Sent together as well. */
	ftp_send_text(&c, "XMD5 endless\r\nABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	ftp_close(&c);
	server_stop(&s);
}

/* No processor time is used after the client has disconnected. */
static void
test_client_leaves(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_hash_size=0") || !ftp_enter(&c, "anna"))
		return;
	make_endless();
	size_t mark = logged_mark();
	ftp_send_text(&c, "HASH endless\r\n");
	CHECK(!ftp_replies_within(&c, 200));
	ftp_close(&c);
	CHECK_LOGGED(mark, "*session ended: *");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "HASH and OPTS HASH", test_hash },
	{ "HASH after RANG", test_range },
	{ "OPTS HASH crosses the login", test_chosen_before_login },
	{ "XCRC, XMD5, XSHA1, XSHA256 and XSHA512", test_older },
	{ "size, permission and setting", test_limits },
	{ "ABOR cancels a long computation", test_abort },
	{ "a disconnect cancels a long computation", test_client_leaves },
	CU_TEST_INFO_NULL,
};
