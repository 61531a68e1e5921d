/*
 * suite_abort.c - transfers that are aborted or fail.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

const char *const functional_name = "abort";

#define BIG (64 << 20)

/* The pid of the only session. */
#define ANNA "info session=1 peer=127.0.0.1 user=anna "

/* A file larger than all socket buffers. */
static void
make_big_file(void)
{
	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", BIG) == 0);
}

static bool
start_download(struct ftp *c, enum ftp_mode mode)
{
	char data[1024];

	c->mode = mode;
	CHECK_NUMBER(ftp_start(c, "RETR big"), 150);
	return CHECK(ftp_data_read(c, data, sizeof(data)) > 0);
}

/* ABOR alone, as simple clients send it, and with a Synch in one or two pieces
 * (RFC 959, RFC 854). */
static void
send_abor(struct ftp *c, int kind)
{
	switch (kind) {
	case 0:
		ftp_send_text(c, "ABOR\r\n");
		return;
	case 1:
		ftp_send(c, "\xff\xf4\xff\xf2" "ABOR\r\n", 10);
		return;
	case 2:
		ftp_send_urgent(c, "\xff\xf4\xff", 3);
		ftp_send(c, "\xf2" "ABOR\r\n", 7);
		return;
	default:
		ftp_send_urgent(c, "\xff\xf4", 2);
		ftp_send_urgent(c, "\xff\xf2", 2);
		ftp_send_text(c, "ab");
		ftp_send_text(c, "or\r\n");
	}
}

static void
test_abor(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_big_file();
	EXPECT(&c, 200, "TYPE I");
	for (int kind = 0; kind < 4; kind++) {
		size_t mark = logged_mark();
		if (!start_download(&c, kind % 2 == 0 ? FTP_EPSV : FTP_PORT))
			return;
		send_abor(&c, kind);
		EXPECT_REPLY(&c, 426);
		EXPECT_REPLY(&c, 226);
		ftp_data_close(&c);
		EXPECT(&c, 200, "NOOP");

		CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
		CHECK_NUMBER(ftp_data_send(&c, "12345", 5), 5);
		CHECK(files_wait_for_size("/home/anna/up", 5));
		send_abor(&c, kind);
		EXPECT_REPLY(&c, 426);
		EXPECT_REPLY(&c, 226);
		ftp_data_close(&c);
		CHECK(files_same("/home/anna/up", "12345", 5));
		EXPECT(&c, 200, "NOOP");
		CHECK_LOGGED(mark, ANNA "download of \"/home/anna/big\" failed "
			"after * bytes in * s: aborted by the client");
		CHECK_LOGGED(mark, ANNA "upload of \"/home/anna/up\" failed "
			"after 5 bytes in * s: aborted by the client");
		unlink("/home/anna/up");
	}
	/* While the server waits for a connection that does not come. */
	EXPECT(&c, 229, "EPSV");
	ftp_send_text(&c, "RETR big\r\nABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	/* Without a transfer. */
	EXPECT(&c, 226, "ABOR");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR up"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* Commands that are answered immediately, and those that are queued. */
static void
test_commands_during_transfer(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_big_file();
	EXPECT(&c, 200, "TYPE I");
	if (!start_download(&c, FTP_EPSV))
		return;
	EXPECT(&c, 200, "NOOP");
	EXPECT(&c, 211, "STAT");
	CHECK_HAS(c.text, "RETR");
	ftp_send_text(&c, "PWD\r\nNOOP\r\n");
	CHECK(!ftp_replies_within(&c, 200));
	ftp_data_close(&c);
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 257);
	EXPECT_REPLY(&c, 200);

	/* ABOR does not wait for queued commands. */
	if (!start_download(&c, FTP_EPSV))
		return;
	ftp_send_text(&c, "PWD\r\n");
	CHECK(!ftp_replies_within(&c, 200));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 257);
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);

	CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "12345", 5), 5);
	EXPECT(&c, 200, "NOOP");
	/* An empty line is no command that others would wait for. */
	CHECK(ftp_send_text(&c, "\r\n\n"));
	EXPECT(&c, 200, "NOOP");
	/* RFC 959 4.1.1: QUIT waits for the end of the transfer. */
	ftp_send_text(&c, "QUIT\r\n");
	CHECK(!ftp_replies_within(&c, 200));
	CHECK_NUMBER(ftp_data_send(&c, "678", 3), 3);
	CHECK_NUMBER(ftp_finish(&c), 226);
	EXPECT_REPLY(&c, 221);
	CHECK(ftp_is_closed(&c));
	CHECK(files_same("/home/anna/up", "12345678", 8));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_lost_data_connection(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_big_file();
	EXPECT(&c, 200, "TYPE I");
	start_download(&c, FTP_EPSV);
	CHECK_NUMBER(ftp_finish(&c), 426);

	/* Rule R16: a reset is not an end of file. */
	CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "12345", 5), 5);
	CHECK(files_wait_for_size("/home/anna/up", 5));
	network_reset(c.data);
	c.data = -1;
	EXPECT_REPLY(&c, 426);
	CHECK_LOGGED(0, ANNA "download of \"/home/anna/big\" failed after * "
		"bytes in * s: data connection reset by the client");
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/up\" failed after 5 bytes "
		"in * s: data connection reset by the client");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* The control connection is lost during a transfer: the worker exits, even if
 * it has stopped reading because a command is queued (rule R29). */
static void
test_lost_client(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	make_big_file();
	for (int kind = 0; kind < 8; kind++) {
		if (!ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		int data = -1;
		if (kind % 2 == 0) {
			start_download(&c, FTP_EPSV);
		} else {
			CHECK_NUMBER(ftp_start(&c, "STOR up%d", kind), 150);
			ftp_data_send(&c, "123", 3);
		}
		data = dup(c.data);
		if (kind >= 4)
			ftp_send_text(&c, "PWD\r\n");
		if (kind % 4 < 2)
			ftp_close(&c);
		else
			ftp_reset(&c);
		CHECK_SAYS(procs_wait_for_count(PROCS_SESSION, 0, 3000),
			"the session stayed (kind %d)", kind);
		CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 user=anna * "
			"failed after * bytes in * s: control connection lost",
			kind + 1);
		CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 user=anna "
			"session ended: connection lost after * s", kind + 1);
		close(data);
	}
	server_stop(&s);
}

/* Clients that disconnect instead of waiting for the reply: what has arrived by
 * then is stored, although the transfer counts as failed. */
static void
test_sent_before_lost(void)
{
	const size_t len = 10000;
	char *data = files_pattern(len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		goto out;
	for (int i = 0; i < 10; i++) {
		if (!ftp_enter(&c, "anna"))
			break;
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c, "STOR sent%d", i), 150);
		CHECK_NUMBER(ftp_data_send(&c, data, len), len);
		if (i % 2 == 0)
			ftp_data_close(&c);
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
		BUFFER(path, 40);
		buffer_addf(&path, "/home/anna/sent%d", i);
		CHECK_SAYS(files_same(buffer_text(&path), data, len),
			"%s is not whole", buffer_text(&path));
	}
	server_stop(&s);
out:
	free(data);
}

static void
test_full_disk(void)
{
	size_t len = 3 << 20;
	char *data = files_pattern(len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	CHECK(files_mkdir_as("anna", "/home/anna/small", 0700));
	CHECK(world_mount("/home/anna/small", "size=1m,uid=1001,mode=700"));
	EXPECT(&c, 200, "TYPE I");
	for (int type = 0; type < 2; type++) {
		CHECK_NUMBER(ftp_start(&c, "STOR small/f"), 150);
		ftp_data_send(&c, data, len);
		ftp_finish(&c);
		EXPECT_WAS(&c, 452);
		EXPECT(&c, 250, "DELE small/f");
		EXPECT(&c, 200, "TYPE A");
	}
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/small/f\" failed after "
		"1048576 bytes in * s: No space left on device");
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/small/f\" as ASCII failed "
		"after * bytes in * s: No space left on device");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR small/g"), 226);
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

/* Limits set by PAM apply to the session process. */
static void
test_file_size_limit(void)
{
	char *data = files_pattern(3 << 20);
	struct server s;
	struct ftp c;

	files_write_text("/etc/security/limits.conf", "anna hard fsize 1024\n");
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_LIMITS) ||
	    !ftp_enter(&c, "anna"))
		goto out;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, data, 3 << 20);
	CHECK_NUMBER(ftp_finish(&c), 552);
	CHECK_NUMBER(files_size("/home/anna/f"), 1 << 20);
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/f\" failed after 1048576 "
		"bytes in * s: File too large");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_incomplete_uploads(void)
{
	static const char *const options[] = {
		"session.incomplete_uploads=keep",
		"session.incomplete_uploads=delete",
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
		ftp_data_send(&c, "12345", 5);
		CHECK(files_wait_for_size("/home/anna/up", 5));
		EXPECT(&c, 426, "ABOR");
		EXPECT_REPLY(&c, 226);
		ftp_data_close(&c);
		CHECK_NUMBER(files_size("/home/anna/up"), i == 0 ? 5 : -1);
		/* The content before an APPE is always kept. */
		files_write_as("anna", "/home/anna/old", "old", 3);
		CHECK_NUMBER(ftp_start(&c, "APPE old"), 150);
		ftp_data_send(&c, "new", 3);
		CHECK(files_wait_for_size("/home/anna/old", 6));
		EXPECT(&c, 426, "ABOR");
		EXPECT_REPLY(&c, 226);
		CHECK(files_same("/home/anna/old", "oldnew", 6));
		ftp_close(&c);
		/* A complete upload is always kept. */
		if (!ftp_enter(&c, "anna"))
			return;
		CHECK_NUMBER(ftp_put(&c, "all", 3, "STOR done"), 226);
		CHECK(files_same("/home/anna/done", "all", 3));
		ftp_close(&c);
		server_stop(&s);
	}
}

/* The old file is unchanged until the data connection is open. */
static void
test_target_waits_for_data(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.data_connect_timeout=1") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "old", 3);
	EXPECT(&c, 229, "EPSV");
	EXPECT(&c, 425, "STOR f");
	CHECK(files_same("/home/anna/f", "old", 3));
	EXPECT(&c, 229, "EPSV");
	EXPECT(&c, 425, "STOR new");
	CHECK(!files_exist("/home/anna/new"));
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "ABOR ends a transfer, with and without Synch", test_abor },
	{ "NOOP, STAT and QUIT during a transfer",
		test_commands_during_transfer },
	{ "a lost data connection is reported, the session goes on",
		test_lost_data_connection },
	{ "the worker exits when its client disconnects", test_lost_client },
	{ "what was sent before the client left", test_sent_before_lost },
	{ "a full disk is reported", test_full_disk },
	{ "RLIMIT_FSIZE of the account is enforced", test_file_size_limit },
	{ "incomplete uploads are kept or deleted by setting",
		test_incomplete_uploads },
	{ "an upload touches nothing before its data connection stands",
		test_target_waits_for_data },
	CU_TEST_INFO_NULL,
};
