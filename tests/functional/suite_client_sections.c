/*
 * suite_client_sections.c - [client NAME]: exceptions for clients by network,
 * listener and CLNT name.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

const char *const functional_name = "client_sections";

#define F      "/home/anna/f"
#define CAMERA "127.0.0.5"

static void
test_network(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"" CAMERA "\".ascii_download=pretend",
	    "client \"" CAMERA "\".announce_utf8=no",
	    "client \"" CAMERA "\".max_compression_level=0",
	    "user anna.ascii_download=refuse"))
		return;
	/* Other clients get the account's settings. */
	if (!ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "a\nb\n", 4);
	EXPECT(&c, 504, "RETR f");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n UTF8\n");
	CHECK_HAS(c.text, "\n MODE Z\n");
	ftp_close(&c);
	/* The camera, before login and after. */
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, CAMERA), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "UTF8");
	CHECK_LACKS(c.text, "MODE Z");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "UTF8");
	EXPECT(&c, 504, "MODE Z");
	EXPECT(&c, 200, "OPTS UTF8 ON");
	ftp_check_get(&c, "a\nb\n");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_clnt(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"clnt:Old Scanner*\".ascii_upload=pretend"))
		return;
	/* CLNT before login stays in effect after it. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 200, "CLNT Old Scanner 7");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_NUMBER(ftp_put(&c, "a\r\n", 3, "STOR f"), 226);
	CHECK(files_same(F, "a\r\n", 3));
	EXPECT(&c, 200, "CLNT New Scanner");
	CHECK_NUMBER(ftp_put(&c, "a\r\n", 3, "STOR f"), 226);
	CHECK(files_same(F, "a\n", 2));
	ftp_close(&c);
	/* CLNT after login, longer than the maximum that is stored. */
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "CLNT Old Scanner with a name of more than sixty-four "
		"bytes, which is cut");
	CHECK_NUMBER(ftp_put(&c, "a\r\n", 3, "STOR f"), 226);
	CHECK(files_same(F, "a\r\n", 3));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_listener(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "client \"listener:\".ascii_upload=refuse",
	    "client \"listener:other\".ascii_download=refuse") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "a", 1);
	EXPECT(&c, 504, "STOR f");
	ftp_check_get(&c, "a");
	ftp_close(&c);
	server_stop(&s);
}

static bool
enter_from(struct ftps *t, const char *from, int version)
{
	ftps_init(t);
	t->from = from;
	t->version = version;
	t->reuse = FTPS_REUSE_NONE;
	t->end = FTPS_END_CUT;
	return ftps_enter(t, "anna");
}

/* A client that resumes nothing and sends no close_notify. */
static void
test_tls(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "client \"127.0.0.5/32\".session_reuse=off",
	    "client \"127.0.0.5/32\".require_tls_close_notify=no"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		if (!enter_from(&t, CAMERA, versions[i]))
			return;
		CHECK_NUMBER(ftp_put(&t.c, "new", 3, "STOR f"), 226);
		CHECK(files_same(F, "new", 3));
		ftp_close(&t.c);
		/* There is no exception for other clients. */
		if (!enter_from(&t, FTP_HOST, versions[i]))
			return;
		CHECK_NUMBER(ftps_start_raw(&t, "STOR g"), 150);
		(void)ftps_data_handshake(&t);
		EXPECT_REPLY(&t.c, 522);
		ftp_data_close(&t.c);
		CHECK(!files_exist("/home/anna/g"));
		ftp_close(&t.c);
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "by network", test_network },
	{ "by CLNT", test_clnt },
	{ "by listener", test_listener },
	{ "TLS session reuse and close_notify", test_tls },
	CU_TEST_INFO_NULL,
};
