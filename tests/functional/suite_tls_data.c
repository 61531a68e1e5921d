/*
 * suite_tls_data.c - files and listings over TLS data connections, in every
 * way they can be opened (row S69, rule R13).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/lists.h"

#include <sys/socket.h>
#include <sys/stat.h>

const char *const functional_name = "tls_data";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* Up and down again; both must resume, and end as they should. */
static bool
round_trip(struct ftps *t, size_t len)
{
	char *data = files_pattern(len);
	size_t got = 0;

	bool good = CHECK_NUMBER(ftp_put(&t->c, data, len, "STOR f"), 226) &&
		CHECK(t->resumed) &&
		CHECK_SAYS(files_same("/home/anna/f", data, len),
			"%zu bytes differ", len);
	char *copy = ftp_get(&t->c, &got, "RETR f");
	good = EXPECT_WAS(&t->c, 226) && CHECK(t->resumed) &&
		CHECK_NUMBER(got, len) &&
		CHECK(copy != NULL && memcmp(copy, data, len) == 0) &&
		CHECK_NUMBER(t->data_last, FTPS_NOTIFIED) && good;
	free(copy);
	free(data);
	return good;
}

static void
test_every_mode(void)
{
	static const size_t sizes[] = { 0, 1, 16384, 16385, 1000003 };
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		struct ftps t;
		ftps_init(&t);
		t.version = versions[v];
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 200, "TYPE I");
		for (size_t i = 0; i < FTP_MODES * ARRAY_SIZE(sizes); i++) {
			t.c.mode = (enum ftp_mode)(i % FTP_MODES);
			if (!round_trip(&t, sizes[i / FTP_MODES]))
				return;
		}
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_listings(void)
{
	struct server s;
	struct ftps t;

	lists_make_tree();
	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		if (!ftps_enter(&t, "anna"))
			return;
		char *list = lists_get(&t.c, "NLST");
		CHECK_NUMBER(t.data_last, FTPS_NOTIFIED);
		CHECK_NUMBER(lists_count_lines(list), 4);
		CHECK_HAS(list, "link\r\n");
		free(list);
		CHECK_LISTING(&t.c, "NLST dir", "dir/inner\r\n");
		list = lists_get(&t.c, "LIST");
		CHECK_HAS(list, " a\r\n");
		free(list);
		list = lists_get(&t.c, "MLSD");
		CHECK_HAS(list, "; dir\r\n");
		free(list);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_every_command(void)
{
	struct server s;
	struct ftps t;
	size_t len;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&t.c, "abc", 3, "APPE f"), 226);
	CHECK_NUMBER(ftp_put(&t.c, "defgh", 5, "APPE f"), 226);
	CHECK(files_same("/home/anna/f", "abcdefgh", 8));
	EXPECT(&t.c, 350, "REST 3");
	char *data = ftp_get(&t.c, &len, "RETR f");
	CHECK(data != NULL && strcmp(data, "defgh") == 0);
	free(data);
	EXPECT(&t.c, 350, "REST 6");
	CHECK_NUMBER(ftp_put(&t.c, "XY", 2, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "abcdefXY", 8));
	CHECK_NUMBER(ftp_put(&t.c, "unique", 6, "STOU"), 226);
	/* ASCII: CR LF on the wire, LF in the file. */
	EXPECT(&t.c, 200, "TYPE A");
	CHECK_NUMBER(ftp_put(&t.c, "a\r\nb\r\n", 6, "STOR text"), 226);
	CHECK(files_same("/home/anna/text", "a\nb\n", 4));
	data = ftp_get(&t.c, &len, "RETR text");
	CHECK(data != NULL && strcmp(data, "a\r\nb\r\n") == 0);
	free(data);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_large_file(void)
{
	size_t len = 100 << 20, got;
	char *data = files_pattern(len);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&t.c, data, len, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", data, len));
	char *copy = ftp_get(&t.c, &got, "RETR f");
	EXPECT_WAS(&t.c, 226);
	CHECK_NUMBER(got, len);
	CHECK(copy != NULL && memcmp(copy, data, len) == 0);
	/* Full records: 16 KiB, the type of content, and the seal. */
	CHECK_NUMBER(t.longest_record, 16384 + 1 + 16);
	free(copy);
	free(data);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_commands_during_transfer(void)
{
	struct server s;
	struct ftps t;
	char data[1024];

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&t.c, "RETR big"), 150);
	CHECK(ftp_data_read(&t.c, data, sizeof(data)) > 0);
	EXPECT(&t.c, 200, "NOOP");
	EXPECT(&t.c, 211, "STAT");
	CHECK_HAS(t.c.text, "RETR");
	/* The partial file must not be taken for a complete one. */
	ftp_send_text(&t.c, "ABOR\r\n");
	EXPECT_REPLY(&t.c, 426);
	EXPECT_REPLY(&t.c, 226);
	while (ftp_data_read(&t.c, data, sizeof(data)) > 0)
		;
	CHECK_SAYS(t.data_last == FTPS_CUT || t.data_last == FTPS_BROKEN,
		"the half ended like a whole");
	ftp_data_close(&t.c);
	EXPECT(&t.c, 200, "NOOP");
	CHECK_NUMBER(ftp_start(&t.c, "STOR up"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "12345", 5), 5);
	EXPECT(&t.c, 211, "STAT");
	CHECK_HAS(t.c.text, "STOR");
	ftp_send_text(&t.c, "ABOR\r\n");
	EXPECT_REPLY(&t.c, 426);
	EXPECT_REPLY(&t.c, 226);
	ftp_data_close(&t.c);
	/* Telnet's Synch, as far as TLS lets it through. */
	CHECK_NUMBER(ftp_start(&t.c, "RETR big"), 150);
	ftp_send(&t.c, "\xff\xf4\xff\xf2" "ABOR\r\n", 10);
	EXPECT_REPLY(&t.c, 426);
	EXPECT_REPLY(&t.c, 226);
	ftp_data_close(&t.c);
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

/* TLS 1.3: new keys in both directions, while bytes flow. */
static void
test_key_update(void)
{
	size_t len = 8 << 20, piece = 1 << 20, got = 0;
	char *data = files_pattern(len), *copy = malloc(len + 1);
	int room = 128 << 10;
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) || copy == NULL)
		return;
	ftps_init(&t);
	t.version = TLS1_3_VERSION;
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
	for (size_t at = 0; at < len; at += piece) {
		CHECK_NUMBER(ftp_data_send(&t.c, data + at, piece), piece);
		CHECK(ftps_key_update(&t));
	}
	/* Closing over unread updates of the server would be a reset. */
	ftps_data_drain(&t);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	CHECK(files_same("/home/anna/f", data, len));
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	/* The server closes after sending everything; then data from the client
	 * would cause a reset.  A small buffer delays that. */
	CHECK(setsockopt(t.c.data, SOL_SOCKET, SO_RCVBUF, &room,
		sizeof(room)) == 0);
	for (size_t n = 1, updated = 0; n > 0 && got < len;) {
		n = ftp_data_read(&t.c, copy + got, len - got);
		got += n;
		if (got / piece > updated && len - got > piece)
			CHECK(ftps_key_update(&t));
		updated = got / piece;
	}
	CHECK_NUMBER(got, len);
	CHECK_NUMBER(ftp_data_read(&t.c, copy + len, 1), 0);
	CHECK_NUMBER(t.data_last, FTPS_NOTIFIED);
	CHECK(memcmp(copy, data, len) == 0);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	free(copy);
	free(data);
	ftp_close(&t.c);
	server_stop(&s);
}

/* R15: refused during a transfer, which may continue or fail, but must not
 * succeed with other content. */
static void
test_renegotiation(void)
{
	char *data = files_pattern(100000);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, data, 100000), 100000);
	CHECK(!ftps_renegotiate(t.data));
	ftp_finish(&t.c);
	CHECK_SAYS(t.c.code == 426 || t.c.code == 226, "%s", t.c.text);
	if (t.c.code == 226)
		CHECK(files_same("/home/anna/f", data, 100000));
	EXPECT(&t.c, 200, "NOOP");
	CHECK(round_trip(&t, 1000));
	ftp_close(&t.c);
	server_stop(&s);
	free(data);
}

/* Field map 13 and 14: no transfer waits for a timer of the kernel. */
static void
test_small_files_are_quick(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	int quick = 0;
	for (int i = 0; i < 50; i++) {
		int64_t before = clock_ms();
		if (!round_trip(&t, 100))
			return;
		/* As long as a delayed acknowledgement takes. */
		quick += clock_ms() - before < 40;
	}
	/* On a busy machine some are slow; with a delay by a timer, all would
	 * be. */
	CHECK_SAYS(quick >= 12, "only %d of 50 were quick", quick);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Read the file f as long as it is known to be, and close at once. */
static bool
download_known_size(struct ftps *t, char *data, size_t len)
{
	if (!CHECK_NUMBER(ftp_start(&t->c, "RETR f"), 150))
		return false;
	for (size_t n, got = 0; got < len; got += n) {
		n = ftp_data_read(&t->c, data, len - got);
		if (!CHECK(n > 0))
			return false;
	}
	return CHECK_NUMBER(ftp_finish(&t->c), 226);
}

/* Clients that know the size close after the last byte, over our unread
 * close_notify.  When the server has written the last bytes, some of them are
 * not sent yet. */
static void
test_client_that_knows_the_size(void)
{
	size_t len = 1000000;
	char *data = files_pattern(len);
	struct server s;
	struct ftps t;

	files_write_as("anna", "/home/anna/f", data, len);
	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		t.end = FTPS_END_CUT;
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 200, "TYPE I");
		for (int i = 0; i < 20; i++)
			if (!download_known_size(&t, data, len))
				break;
		ftp_close(&t.c);
	}
	server_stop(&s);
	free(data);
}

/* The file is created after the handshake, when the 150 has been sent. */
static void
test_directory_that_is_gone(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 257, "MKD d");
	CHECK_NUMBER(ftps_start_raw(&t, "STOR d/f"), 150);
	CHECK(rmdir("/home/anna/d") == 0);
	CHECK(ftps_data_handshake(&t));
	EXPECT_REPLY(&t.c, 451);
	CHECK_HAS(t.c.text, "No such file or directory");
	ftp_data_close(&t.c);
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "all sizes in all modes, TLS 1.2 and 1.3", test_every_mode },
	{ "listings", test_listings },
	{ "APPE, REST, STOU, ASCII", test_every_command },
	{ "100 MiB up and down, in full records", test_large_file },
	{ "NOOP, STAT and ABOR during a transfer",
		test_commands_during_transfer },
	{ "key update during a transfer (TLS 1.3)", test_key_update },
	{ "no renegotiation during a transfer (TLS 1.2)",
		test_renegotiation },
	{ "a client that closes at the size it knows",
		test_client_that_knows_the_size },
	{ "small files are not delayed by timers", test_small_files_are_quick },
	{ "an upload's directory is gone", test_directory_that_is_gone },
	CU_TEST_INFO_NULL,
};
