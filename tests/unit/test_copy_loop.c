/*
 * test_copy_loop.c - how transfers end: the clock, ABOR, lost clients.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "worker/data/receive.h"
#include "worker/data/send.h"

#include <sys/socket.h>

const char *const unit_name = "copy_loop";

#define SIZE ((int64_t)8 << 20)
#define LAST_BYTES (40 << 10)

static void
check_end(const struct wire *w, enum transfer_end end)
{
	CU_ASSERT_EQUAL(w->result.end, end);
}

/* A download of wire_byte() through narrow buffers. */
static void
open_download(struct wire *w, int64_t size)
{
	wire_open(w);
	wire_narrow(w);
	wire_fill_file(w, size);
}

static void
upload(struct wire *w, int64_t stall)
{
	const struct receive how = {
		.file = w->file,
		.room = INT64_MAX,
		.stall = stall,
	};

	receive_file(&w->watch, wire_stream(w), &how, &w->result);
}

/* --- the clock */

static bool
waits_until_reset(struct wire *w)
{
	char byte;

	/* The stalled server closes. */
	if (!wire_server_closes(w))
		return false;
	while (read(w->peer, &byte, 1) > 0)
		;
	return true;
}

static void
check_stalled(const struct wire *w)
{
	check_end(w, TRANSFER_STALLED);
	CU_ASSERT_TRUE(w->result.duration_ms >= 1000);
	CU_ASSERT_TRUE(w->result.duration_ms < 4000);
}

static void
test_stall(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, waits_until_reset);
	wire_download(&w, 0, 1);
	check_stalled(&w);
	CU_ASSERT_TRUE(w.result.bytes > 0 && w.result.bytes < SIZE);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	wire_start(&w, waits_until_reset);
	upload(&w, 1);
	check_stalled(&w);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* Everything fits into the socket's buffer, but the client never takes it. */
static bool
takes_a_little(struct wire *w)
{
	char little[100];

	return read(w->peer, little, sizeof(little)) > 0 &&
	    wire_server_closes(w);
}

static void
test_stall_after_the_last_byte(void)
{
	struct wire w;

	wire_open_last_bytes(&w, LAST_BYTES);
	wire_start(&w, takes_a_little);
	wire_download(&w, 0, 1);
	check_stalled(&w);
	CU_ASSERT_EQUAL(w.result.bytes, LAST_BYTES);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
reads_slowly(struct wire *w)
{
	static char piece[64 << 10];
	ssize_t n;

	for (int i = 0; i < 4; i++) {
		wire_sleep(350);	/* slowly */
		n = recv(w->peer, piece, sizeof(piece), MSG_WAITALL);
		if (n != (ssize_t)sizeof(piece))
			return false;
	}
	return wire_drain(w->peer, 4 * (int64_t)sizeof(piece)) >= 0;
}

static bool
writes_slowly(struct wire *w)
{
	for (int i = 0; i < 4; i++) {
		wire_sleep(350);	/* slowly */
		if (!wire_say(w->peer, "x", 1))
			return false;
	}
	return shutdown(w->peer, SHUT_WR) == 0;
}

static void
test_progress_is_no_stall(void)
{
	struct wire w;

	open_download(&w, 1 << 20);
	wire_start(&w, reads_slowly);
	wire_download(&w, 0, 1);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(w.result.duration_ms > 1000);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	wire_start(&w, writes_slowly);
	upload(&w, 1);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_EQUAL(w.result.bytes, 4);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
chats(struct wire *w)
{
	bool said = true;

	for (int i = 0; i < 7; i++) {
		wire_sleep(200);	/* for longer than the timer */
		said = said && wire_say(w->control_peer, "n", 1);
	}
	return said;
}

static void
test_talk_is_no_progress(void)
{
	struct wire w;

	wire_open(&w);
	wire_start(&w, chats);
	upload(&w, 1);
	check_stalled(&w);
	CU_ASSERT_TRUE(w.handled >= 2);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* --- the client and the monitor */

/* Whatever is still under way. */
static bool
reads_to_the_end(struct wire *w)
{
	char piece[4096];

	while (read(w->peer, piece, sizeof(piece)) > 0)
		;
	return true;
}

static bool
says_abor(struct wire *w)
{
	return wire_server_waits() && wire_say(w->control_peer, "nA", 2) &&
	    reads_to_the_end(w);
}

static void
test_abor(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, says_abor);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_ABORTED);
	CU_ASSERT_EQUAL(w.handled, 2);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	wire_start(&w, says_abor);
	upload(&w, 5);
	check_end(&w, TRANSFER_ABORTED);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* The server never has to wait for this client, and hears it all the same. */
static bool
reads_fast_then_says_abor(struct wire *w)
{
	static char piece[1 << 20];
	int64_t got = 0;
	bool said = false;
	ssize_t n;

	while ((n = read(w->peer, piece, sizeof(piece))) > 0) {
		got += n;
		if (!said && got > 100 << 20)
			said = wire_say(w->control_peer, "A", 1);
	}
	return said;
}

static void
test_abor_at_full_speed(void)
{
	const int64_t size = (int64_t)1 << 40;
	struct wire w;

	wire_open(&w);
	CU_ASSERT_EQUAL_FATAL(ftruncate(w.file, size), 0);
	wire_start(&w, reads_fast_then_says_abor);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_ABORTED);
	CU_ASSERT_TRUE(w.result.bytes > 100 << 20);
	CU_ASSERT_TRUE(w.result.bytes < size);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
hangs_up(struct wire *w)
{
	return wire_server_waits() && shutdown(w->control_peer, SHUT_WR) == 0 &&
	    reads_to_the_end(w);
}

static void
test_control_lost(void)
{
	struct wire w;

	for (int paused = 0; paused < 2; paused++) {
		wire_open(&w);
		w.watch.control_events = paused ? POLLRDHUP : POLLIN;
		wire_start(&w, hangs_up);
		upload(&w, 5);
		check_end(&w, TRANSFER_CONTROL_LOST);
		CU_ASSERT_TRUE(w.result.duration_ms < 4000);
		CU_ASSERT_TRUE(wire_close(&w));
	}
}

static bool
stops_the_server(struct wire *w)
{
	return wire_server_waits() && wire_say(w->monitor_peer, "s", 1) &&
	    reads_to_the_end(w);
}

static bool
is_a_dying_monitor(struct wire *w)
{
	return wire_server_waits() &&
	    shutdown(w->monitor_peer, SHUT_RDWR) == 0 && reads_to_the_end(w);
}

static void
test_monitor(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, stops_the_server);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_STOPPED);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	wire_start(&w, is_a_dying_monitor);
	upload(&w, 5);
	check_end(&w, TRANSFER_STOPPED);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* The line that must wait is not asked for again, nor does it keep the loop
 * from sleeping. */
static bool
says_a_line_that_waits(struct wire *w)
{
	if (!wire_say(w->control_peer, "pxxx", 4))
		return false;
	/* So long that a loop that did not sleep would be seen. */
	wire_sleep(800);
	return shutdown(w->peer, SHUT_WR) == 0;
}

static void
test_a_line_that_waits(void)
{
	struct wire w;
	int64_t before = wire_processor_ms();

	wire_open(&w);
	wire_start(&w, says_a_line_that_waits);
	upload(&w, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_EQUAL(w.handled, 1);
	CU_ASSERT_TRUE(wire_processor_ms() - before < 400);
	CU_ASSERT_TRUE(wire_close(&w));
}

static int idles, silence_ms;

static void
count_idle(void *context UNUSED)
{
	idles++;
}

static bool
is_silent(struct wire *w)
{
	wire_sleep(silence_ms);
	return shutdown(w->peer, SHUT_WR) == 0;
}

static void
check_idle(int ms, int times)
{
	struct wire w;

	silence_ms = ms, idles = 0;
	wire_open(&w);
	w.watch.idle = count_idle;
	wire_start(&w, is_silent);
	upload(&w, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_EQUAL(idles, times);
	CU_ASSERT_TRUE(wire_close(&w));
}

static void
test_idle(void)
{
	check_idle(2500, 1);
	check_idle(300, 0);
}

CU_TestInfo unit_tests[] = {
	{ "a stalled transfer", test_stall },
	{ "a transfer that stalls after the last byte",
		test_stall_after_the_last_byte },
	{ "a slow transfer is not aborted", test_progress_is_no_stall },
	{ "commands are not progress", test_talk_is_no_progress },
	{ "ABOR", test_abor },
	{ "ABOR is handled at full speed", test_abor_at_full_speed },
	{ "a lost control connection", test_control_lost },
	{ "a shutdown, a dead monitor", test_monitor },
	{ "a line that must wait", test_a_line_that_waits },
	{ "the watch is told once that nothing happens", test_idle },
	CU_TEST_INFO_NULL,
};
