/*
 * test_upload.c - uploads: the content of the file, and when it is complete.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "worker/data/receive.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

const char *const unit_name = "upload";

#define SIZE ((int64_t)3 * 1024 * 1024 + 17)

static void
receive_within(struct wire *w, bool ascii, int64_t room)
{
	const struct receive how = {
		.file = w->file,
		.ascii = ascii,
		.room = room,
		.stall = 5,
	};

	receive_file(&w->watch, wire_stream(w), &how, &w->result);
}

static void
receive(struct wire *w, bool ascii)
{
	receive_within(w, ascii, INT64_MAX);
}

static void
check_end(const struct wire *w, enum transfer_end end, int error)
{
	CU_ASSERT_EQUAL(w->result.end, end);
	CU_ASSERT_EQUAL(w->result.error, error);
}

/* Send bytes of wire_byte() without ending the stream. */
static bool
send_bytes(struct wire *w, int64_t size)
{
	static char piece[1 << 16];

	for (int64_t at = 0; at < size;) {
		size_t n = 0;
		while (n < sizeof(piece) && at < size)
			piece[n++] = wire_byte(at++);
		if (!wire_say(w->peer, piece, n))
			return false;
	}
	return true;
}

static bool
sends_all(struct wire *w)
{
	return send_bytes(w, SIZE) && shutdown(w->peer, SHUT_WR) == 0;
}

static void
test_whole_file(void)
{
	static char wanted[SIZE];
	struct wire w;

	for (int64_t i = 0; i < SIZE; i++)
		wanted[i] = wire_byte(i);
	wire_open(&w);
	wire_start(&w, sends_all);
	receive(&w, false);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_EQUAL(w.result.bytes, SIZE);
	CU_ASSERT_TRUE(wire_file_is(&w, wanted, SIZE));
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
sends_nothing(struct wire *w)
{
	return shutdown(w->peer, SHUT_WR) == 0;
}

static void
test_empty_file(void)
{
	struct wire w;

	for (int ascii = 0; ascii < 2; ascii++) {
		wire_open(&w);
		wire_start(&w, sends_nothing);
		receive(&w, ascii != 0);
		check_end(&w, TRANSFER_COMPLETE, 0);
		CU_ASSERT_EQUAL(w.result.bytes, 0);
		CU_ASSERT_TRUE(wire_file_is(&w, "", 0));
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

static bool
sends_word(struct wire *w)
{
	return wire_say(w->peer, "new", 3) && sends_nothing(w);
}

static void
test_position_and_append(void)
{
	struct wire w;

	wire_open(&w);
	CU_ASSERT_EQUAL(write(w.file, "old bytes", 9), 9);
	lseek(w.file, 4, SEEK_SET);
	wire_start(&w, sends_word);
	receive(&w, false);
	CU_ASSERT_EQUAL(w.result.bytes, 3);
	CU_ASSERT_TRUE(wire_file_is(&w, "old newes", 9));
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	CU_ASSERT_EQUAL(write(w.file, "old ", 4), 4);
	lseek(w.file, 0, SEEK_SET);
	fcntl(w.file, F_SETFL, O_APPEND);
	wire_start(&w, sends_word);
	receive(&w, false);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_TRUE(wire_file_is(&w, "old new", 7));
	CU_ASSERT_TRUE(wire_close(&w));
}

/* Every byte in a segment of its own, so that CR and LF come apart; the last
 * CR is held back until the stream ends. */
static bool
sends_lines_in_bytes(struct wire *w)
{
	const char lines[] = "one\r\ntwo\nthr\ree\r\n\r\r\n\r";

	for (const char *at = lines; *at != '\0'; at++) {
		if (!wire_say(w->peer, at, 1) || !wire_server_waits())
			return false;
	}
	return sends_nothing(w);
}

static bool
sends_lines_at_once(struct wire *w)
{
	return wire_say(w->peer, "one\r\ntwo\nthr\ree\r\n\r\r\n\r", 21) &&
	    sends_nothing(w);
}

static void
test_ascii(void)
{
	const char wanted[] = "one\ntwo\nthr\ree\n\r\n\r";
	struct wire w;

	for (int bytes = 0; bytes < 2; bytes++) {
		wire_open(&w);
		wire_start(&w, bytes ? sends_lines_in_bytes
				     : sends_lines_at_once);
		receive(&w, true);
		check_end(&w, TRANSFER_COMPLETE, 0);
		CU_ASSERT_EQUAL(w.result.bytes, (int64_t)strlen(wanted));
		CU_ASSERT_TRUE(wire_file_is(&w, wanted, strlen(wanted)));
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

/* --- uploads that are not whole */

static bool
resets(struct wire *w)
{
	bool sent = send_bytes(w, 5000) && wire_server_waits();

	wire_reset(&w->peer);
	return sent;
}

static void
test_reset(void)
{
	struct wire w;

	wire_open(&w);
	wire_start(&w, resets);
	receive(&w, false);
	check_end(&w, TRANSFER_DATA_LOST, ECONNRESET);
	CU_ASSERT_EQUAL(w.result.bytes, 5000);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
says_abor_and_ends(struct wire *w)
{
	return send_bytes(w, 5000) && wire_say(w->control_peer, "A", 1) &&
	    sends_nothing(w);
}

/* ABOR and the end of the stream are there when the server looks first. */
static void
test_abor_with_end_of_stream(void)
{
	struct wire w;

	wire_open(&w);
	wire_start(&w, says_abor_and_ends);
	CU_ASSERT_TRUE(unit_await(w.data, POLLRDHUP));
	receive(&w, false);
	check_end(&w, TRANSFER_ABORTED, 0);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
goes_away(struct wire *w)
{
	return send_bytes(w, 5000) &&
	    shutdown(w->control_peer, SHUT_WR) == 0 && sends_nothing(w);
}

/* A client that dies closes everything: half a file, and an orderly end. */
static void
test_client_dies(void)
{
	struct wire w;

	for (int paused = 0; paused < 2; paused++) {
		wire_open(&w);
		w.watch.control_events = paused ? POLLRDHUP : POLLIN;
		wire_start(&w, goes_away);
		CU_ASSERT_TRUE(unit_await(w.data, POLLRDHUP));
		receive(&w, false);
		check_end(&w, TRANSFER_CONTROL_LOST, 0);
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

/* The next command already waits: that is no reason to doubt the upload. */
static bool
pipelines(struct wire *w)
{
	return wire_say(w->control_peer, "xx", 2) && sends_all(w);
}

static void
test_client_is_ahead(void)
{
	struct wire w;

	wire_open(&w);
	w.watch.control_events = POLLRDHUP;
	wire_start(&w, pipelines);
	receive(&w, false);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_EQUAL(w.handled, 0);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* The server stops reading; how the client notices is not looked at. */
static bool
sends_what_goes(struct wire *w)
{
	(void)send_bytes(w, SIZE);
	return true;
}

static void
test_disk_full(void)
{
	struct wire w;

	wire_open(&w);
	close(w.file);
	w.file = open("/dev/full", O_WRONLY | O_CLOEXEC);
	wire_start(&w, sends_what_goes);
	receive(&w, false);
	check_end(&w, TRANSFER_LOCAL_ERROR, ENOSPC);
	CU_ASSERT_EQUAL(w.result.bytes, 0);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
sends_one_cr(struct wire *w)
{
	return wire_say(w->peer, "\r", 1) && sends_nothing(w);
}

/* Full just when the held CR comes out. */
static void
test_disk_full_at_the_end(void)
{
	struct wire w;

	wire_open(&w);
	close(w.file);
	w.file = open("/dev/full", O_WRONLY | O_CLOEXEC);
	wire_start(&w, sends_one_cr);
	receive(&w, true);
	check_end(&w, TRANSFER_LOCAL_ERROR, ENOSPC);
	CU_ASSERT_TRUE(wire_close(&w));
}

static void
test_file_size_limit(void)
{
	const rlim_t most = 1 << 20;
	struct rlimit before, limit;
	struct wire w;

	signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
	wire_open(&w);
	wire_start(&w, sends_what_goes);
	limit = before;
	limit.rlim_cur = most;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
	receive(&w, false);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	check_end(&w, TRANSFER_LOCAL_ERROR, EFBIG);
	CU_ASSERT_EQUAL(w.result.bytes, (int64_t)most);
	CU_ASSERT_TRUE(wire_close(&w));
}

static void
test_limit(void)
{
	struct wire w;

	/* Exactly as much as there is room for; one byte more; none at all. */
	wire_open(&w);
	wire_start(&w, sends_all);
	receive_within(&w, false, SIZE);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_EQUAL(w.result.bytes, SIZE);
	CU_ASSERT_TRUE(wire_close(&w));
	for (int64_t room = SIZE - 1; room >= 0; room -= SIZE - 1) {
		wire_open(&w);
		wire_start(&w, sends_what_goes);
		receive_within(&w, false, room);
		check_end(&w, TRANSFER_TOO_LARGE, 0);
		CU_ASSERT_EQUAL(w.result.bytes, room);
		CU_ASSERT_TRUE(wire_close(&w));
	}
	wire_open(&w);
	wire_start(&w, sends_nothing);
	receive_within(&w, false, 0);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* What counts is what is stored: CR LF is one byte, and a CR that is held
 * back is one more at the end. */
static void
test_limit_of_ascii(void)
{
	struct wire w;

	wire_open(&w);
	wire_start(&w, sends_lines_in_bytes);
	receive_within(&w, true, 18);
	check_end(&w, TRANSFER_COMPLETE, 0);
	CU_ASSERT_EQUAL(w.result.bytes, 18);
	CU_ASSERT_TRUE(wire_close(&w));
	wire_open(&w);
	wire_start(&w, sends_lines_at_once);
	receive_within(&w, true, 17);
	check_end(&w, TRANSFER_TOO_LARGE, 0);
	CU_ASSERT_EQUAL(w.result.bytes, 17);
	CU_ASSERT_TRUE(wire_close(&w));
}

CU_TestInfo unit_tests[] = {
	{ "a file arrives byte for byte", test_whole_file },
	{ "an empty file", test_empty_file },
	{ "at the file's position, at its end", test_position_and_append },
	{ "ASCII lines that come in pieces", test_ascii },
	{ "a reset is not the end of a file", test_reset },
	{ "ABOR together with the end of the stream",
		test_abor_with_end_of_stream },
	{ "a client that disconnects", test_client_dies },
	{ "a client that pipelines a command", test_client_is_ahead },
	{ "a full disk", test_disk_full },
	{ "a disk that is full at the last byte", test_disk_full_at_the_end },
	{ "a limit of the file size", test_file_size_limit },
	{ "max_upload_size, to the byte", test_limit },
	{ "max_upload_size of ASCII lines", test_limit_of_ascii },
	CU_TEST_INFO_NULL,
};
