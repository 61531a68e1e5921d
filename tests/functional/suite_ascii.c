/*
 * suite_ascii.c - TYPE A with all settings, and SIZE in TYPE A.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "ascii";

#define F    "/home/anna/f"
#define HOST "a\nb\r\nc"	/* as it is stored */
#define WIRE "a\r\nb\r\nc"

static void
check_put(struct ftp *c, const char *sent, const char *stored)
{
	CHECK_NUMBER(ftp_put(c, sent, strlen(sent), "STOR f"), 226);
	CHECK(files_same(F, stored, strlen(stored)));
}

static void
test_convert(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s) || !ftps_enter(&t, "anna"))
		return;
	check_put(&t.c, WIRE, "a\nb\nc");
	files_write_as("anna", F, HOST, strlen(HOST));
	ftp_check_get(&t.c, WIRE);
	/* Without any TYPE the size of the file is meant. */
	EXPECT(&t.c, 213, "SIZE f");
	CHECK_TEXT(t.c.text, "213 6");
	EXPECT(&t.c, 504, "REST 1");
	EXPECT(&t.c, 200, "TYPE A");
	EXPECT(&t.c, 550, "SIZE f");
	ftp_close(&t.c);
	/* Before the login it counts as well. */
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 200, "TYPE A");
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
	EXPECT(&t.c, 550, "SIZE f");
	ftp_close(&t.c);
	server_stop(&s);
}

/* Like vsftpd: TYPE A does not convert. */
static void
test_pretend(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.ascii_download=pretend",
	    "session.ascii_upload=pretend") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE A");
	size_t mark = logged_mark();
	check_put(&c, WIRE, WIRE);
	CHECK_HAS(c.text, "226");
	files_write_as("anna", F, HOST, strlen(HOST));
	ftp_check_get(&c, HOST);
	CHECK_LOGGED(mark, "*download of \"/home/anna/f\" complete, 6 bytes *");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 6");
	EXPECT(&c, 350, "REST 2");
	ftp_check_get(&c, &HOST[2]);
	EXPECT(&c, 350, "RANG 2 3");
	ftp_check_get(&c, "b\r");
	ftp_close(&c);
	server_stop(&s);

	/* One direction only. */
	if (!SERVER(&s, "session.ascii_download=pretend") ||
	    !ftp_enter(&c, "anna"))
		return;
	check_put(&c, WIRE, "a\nb\nc");
	ftp_check_get(&c, "a\nb\nc");
	EXPECT(&c, 350, "REST 2");
	EXPECT(&c, 554, "STOR f");
	CHECK(files_same(F, "a\nb\nc", 5));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_refuse(void)
{
	struct server s;
	struct ftp c;
	size_t len = 0;

	if (!SERVER(&s, "session.ascii_download=refuse",
	    "session.ascii_upload=refuse") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, HOST, strlen(HOST));
	EXPECT(&c, 504, "RETR f");
	CHECK_HAS(c.text, "(ascii_download); send TYPE I first");
	EXPECT(&c, 504, "STOR f");
	CHECK_HAS(c.text, "(ascii_upload)");
	EXPECT(&c, 504, "APPE f");
	EXPECT(&c, 504, "STOU");
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 550, "SIZE f");
	/* Clients look for these words, and repeat it with TYPE I. */
	CHECK_HAS(c.text, "SIZE not allowed in ASCII mode");
	CHECK(files_same(F, HOST, strlen(HOST)));
	free(ftp_get(&c, &len, "NLST"));
	EXPECT_WAS(&c, 226);
	CHECK_NUMBER(len, 3);
	EXPECT(&c, 200, "TYPE I");
	ftp_check_get(&c, HOST);
	check_put(&c, WIRE, WIRE);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_size(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.ascii_size=count",
	    "limits.max_hash_size=1M") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, HOST, strlen(HOST));
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 7");
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 6");
	EXPECT(&c, 200, "TYPE A");
	/* A line end split between two reads. */
	char *data = malloc(200000);
	memset(data, '\n', 200000);
	data[65535] = '\r';
	files_write_as("anna", F, data, 200000);
	free(data);
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 399998");
	CHECK(truncate(F, 2 << 20) == 0);
	EXPECT(&c, 550, "SIZE f");
	CHECK_HAS(c.text, "(max_hash_size)");
	EXPECT(&c, 550, "SIZE missing");
	EXPECT(&c, 550, "SIZE .");
	ftp_close(&c);
	server_stop(&s);
}

/* Names are bytes, independently of OPTS UTF8. */
static void
test_names(void)
{
	static const char *const options[] = { "UTF8", "UTF8 ON", "UTF8 OFF",
		"utf8 on", "UTF8 NLST", "UTF-8 ON" };
	static const char *const names[] = { "gr\xc3\xbc\xc3\x9f",
		"gr\xfc\xdf", "\x80\x81", "\xef\xbf\xbd" };
	char path[64];
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		EXPECT(&c, 200, "OPTS %s", options[i]);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR %s", names[i]), 226);
		snprintf(path, sizeof(path), "/home/anna/%s", names[i]);
		CHECK(files_same(path, "x", 1));
		size_t len = 0;
		char *list = ftp_get(&c, &len, "NLST");
		CHECK_HAS(list, names[i]);
		free(list);
	}
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "converted, as by default", test_convert },
	{ "pretended", test_pretend },
	{ "refused", test_refuse },
	{ "SIZE counts, by setting", test_size },
	{ "file names are never converted", test_names },
	CU_TEST_INFO_NULL,
};
