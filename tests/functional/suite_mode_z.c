/*
 * suite_mode_z.c - MODE Z: transfers as zlib streams.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/zipped.h"

#include <signal.h>
#include <unistd.h>

const char *const functional_name = "mode_z";

#define F "/home/anna/f"

/* Text that can be compressed well. */
static char *
text_of(size_t len)
{
	char *data = malloc(len + 1);

	for (size_t i = 0; i < len; i += 40)
		snprintf(data + i, len - i + 1, "line %10zu of much the same "
			"text.....", i);
	return data;
}

static void
round_trips(struct ftp *c)
{
	static const size_t sizes[] = { 0, 1, 4096, 65536, 65537, 3000001 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes) * 2; i++) {
		size_t len = sizes[i / 2];
		char *data = i % 2 == 0 ? files_pattern(len) : text_of(len);

		CHECK_NUMBER(zipped_put(c, data, len, "STOR f"), 226);
		CHECK(files_same(F, data, len));
		zipped_check_get(c, "RETR f", data, len);
		free(data);
	}
}

static void
test_round_trips(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n MODE Z\n");
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "mode z");
	EXPECT(&c, 211, "STAT");
	CHECK_HAS(c.text, "TYPE I, MODE Z, STRU F.");
	for (int mode = 0; mode < FTP_MODES; mode++) {
		c.mode = (enum ftp_mode)mode;
		round_trips(&c);
	}
	/* An empty stream is an empty file, too. */
	CHECK_NUMBER(ftp_put(&c, "", 0, "STOR f"), 226);
	CHECK(files_same(F, "", 0));
	EXPECT(&c, 200, "MODE S");
	CHECK_NUMBER(ftp_put(&c, "plain", 5, "STOR f"), 226);
	CHECK(files_same(F, "plain", 5));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_tls(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		ftps_init(&t);
		t.version = versions[i];
		/* MODE Z before login stays in effect. */
		if (!ftps_connect(&t))
			return;
		EXPECT(&t.c, 200, "MODE Z");
		EXPECT(&t.c, 200, "TYPE I");
		if (!ftps_login(&t, "anna"))
			return;
		round_trips(&t.c);
		/* A truncated TLS stream does not end the zlib stream. */
		t.end = FTPS_END_CUT;
		CHECK_NUMBER(zipped_put(&t.c, "new", 3, "STOR f"), 426);
		CHECK_HAS(t.c.text, "close_notify");
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_listings(void)
{
	static const char *const lines[] = { "NLST", "MLSD", "LIST",
		"LIST nothing*" };
	char name[64];
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "/home/anna/entry-%06d", i);
		files_write_as("anna", name, "", 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		size_t plain_len = 0;
		EXPECT(&c, 200, "MODE S");
		char *plain = ftp_get(&c, &plain_len, "%s", lines[i]);
		EXPECT(&c, 200, "MODE Z");
		if (plain != NULL)
			zipped_check_get(&c, lines[i], plain, plain_len);
		else
			EXPECT(&c, c.code, "%s", lines[i]);
		free(plain);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* Offsets count bytes of the file. */
static void
test_restart_and_append(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "MODE Z");
	files_write_as("anna", F, "0123456789", 10);
	EXPECT(&c, 350, "REST 7");
	zipped_check_get(&c, "RETR f", "789", 3);
	EXPECT(&c, 350, "REST 4");
	CHECK_NUMBER(zipped_put(&c, "abc", 3, "STOR f"), 226);
	CHECK(files_same(F, "0123abc789", 10));
	CHECK_NUMBER(zipped_put(&c, "more", 4, "APPE f"), 226);
	CHECK(files_same(F, "0123abc789more", 14));
	ftp_close(&c);
	server_stop(&s);
}

/* The text as converted by TYPE A is compressed. */
static void
test_ascii(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(zipped_put(&c, "a\r\nb\r\n", 6, "STOR f"), 226);
	CHECK(files_same(F, "a\nb\n", 4));
	zipped_check_get(&c, "RETR f", "a\r\nb\r\n", 6);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_abort(void)
{
	char byte[1];
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.incomplete_uploads=delete") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "", 0);
	CHECK(truncate(F, (off_t)1 << 40) == 0);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&c, byte, 1), 1);
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	/* A partially decompressed upload is incomplete. */
	CHECK_NUMBER(ftp_start(&c, "STOR g"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "\x78\x01\0\3\0\xfc\xff" "abc", 10),
		10);
	CHECK(files_wait_for_text("/home/anna/g", "abc"));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	CHECK(!files_exist("/home/anna/g"));
	ftp_close(&c);
	server_stop(&s);
}

static size_t
zipped_size(struct ftp *c)
{
	size_t len = 0;

	free(ftp_get(c, &len, "RETR f"));
	EXPECT_WAS(c, 226);
	return len;
}

static void
test_levels(void)
{
	size_t len = 1000000;
	char *data = text_of(len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	files_write_as("anna", F, data, len);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "MODE Z");
	EXPECT(&c, 200, "OPTS MODE Z LEVEL 1");
	CHECK_TEXT(c.text, "200 MODE Z LEVEL set to 1.");
	size_t large = zipped_size(&c);
	EXPECT(&c, 200, "OPTS mode z level 9");
	CHECK_TEXT(c.text, "200 MODE Z LEVEL set to 6.");
	size_t small = zipped_size(&c);
	CHECK_SAYS(small < large && large < len / 4, "%zu, %zu", small, large);
	EXPECT(&c, 200, "OPTS MODE Z");
	EXPECT(&c, 501, "OPTS MODE Z LEVEL 10");
	EXPECT(&c, 501, "OPTS MODE Z LEVEL");
	EXPECT(&c, 501, "OPTS MODE Z LEVEL 5 5");
	EXPECT(&c, 501, "OPTS MODE");
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.max_compression_level=0") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 504, "MODE Z");
	EXPECT(&c, 501, "OPTS MODE Z LEVEL 3");
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "MODE");
	ftp_close(&c);
	server_stop(&s);

	/* For one account: MODE Z before login is not in effect. */
	if (!SERVER(&s))
		return;
	server_configure("[user anna]\nmax_compression_level = 0\n");
	kill(s.pid, SIGHUP);
	CHECK_LOGGED(0, "*configuration reloaded*");
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "MODE Z");
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 504, "NLST");
	EXPECT(&c, 200, "MODE S");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "files of every size, in every mode of connection",
		test_round_trips },
	{ "MODE Z with TLS", test_tls },
	{ "listings", test_listings },
	{ "REST and APPE", test_restart_and_append },
	{ "TYPE A", test_ascii },
	{ "ABOR", test_abort },
	{ "OPTS MODE Z LEVEL", test_levels },
	{ "max_compression_level", test_off },
	CU_TEST_INFO_NULL,
};
