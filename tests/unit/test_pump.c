/*
 * test_pump.c - how transfers end: the clock, ABOR, lost partners, and clients
 * that do strange things with their data connection.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "worker/transfer.h"

#include <sys/resource.h>
#include <sys/socket.h>

const char *const unit_name = "pump";

#define SIZE ((int64_t)8 << 20)

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

/* A download that fits into the server's socket buffer, but not into the
 * client's. */
static void
open_last_bytes(struct wire *w)
{
	int large = 1 << 20, small = 4 << 10;

	wire_open(w);
	setsockopt(w->data, SOL_SOCKET, SO_SNDBUF, &large, sizeof(large));
	setsockopt(w->peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	wire_fill_file(w, 40 << 10);
}

static void
download(struct wire *w, int64_t stall)
{
	transfer_send_file(&w->watch, w->data, w->file, 0, false, stall,
		&w->result);
}

static void
upload(struct wire *w, int64_t stall)
{
	transfer_receive_file(&w->watch, w->data, w->file, false, stall,
		&w->result);
}

static int64_t
processor_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* --- the clock */

static bool
waits_until_reset(struct wire *w)
{
	char byte;

	/* The stalled server closes, and a reset ends the wait. */
	wire_sleep(1500);
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
	download(&w, 1);
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

	if (read(w->peer, little, sizeof(little)) <= 0)
		return false;
	wire_sleep(1500);
	return true;
}

static void
test_stall_after_the_last_byte(void)
{
	struct wire w;

	open_last_bytes(&w);
	wire_start(&w, takes_a_little);
	download(&w, 1);
	check_stalled(&w);
	CU_ASSERT_EQUAL(w.result.bytes, 40 << 10);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
reads_slowly(struct wire *w)
{
	static char piece[64 << 10];
	ssize_t n;

	for (int i = 0; i < 4; i++) {
		wire_sleep(350);
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
		wire_sleep(350);
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
	download(&w, 1);
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
		wire_sleep(200);
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
	CU_ASSERT_TRUE(w.heard >= 2);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* --- the partners */

static bool
says_abor(struct wire *w)
{
	bool said;

	wire_sleep(100);
	said = wire_say(w->control_peer, "nA", 2);
	wire_sleep(300);
	return said;
}

static void
test_abor(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, says_abor);
	download(&w, 5);
	check_end(&w, TRANSFER_ABORTED);
	CU_ASSERT_EQUAL(w.heard, 2);
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
	download(&w, 5);
	check_end(&w, TRANSFER_ABORTED);
	CU_ASSERT_TRUE(w.result.bytes > 100 << 20);
	CU_ASSERT_TRUE(w.result.bytes < size);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
hangs_up(struct wire *w)
{
	wire_sleep(100);
	return shutdown(w->control_peer, SHUT_WR) == 0;
}

static void
test_control_lost(void)
{
	struct wire w;

	for (int paused = 0; paused < 2; paused++) {
		wire_open(&w);
		w.watch.control_paused = paused != 0;
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
	wire_sleep(100);
	return wire_say(w->monitor_peer, "s", 1);
}

static bool
is_a_dying_monitor(struct wire *w)
{
	wire_sleep(100);
	return shutdown(w->monitor_peer, SHUT_RDWR) == 0;
}

static void
test_monitor(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, stops_the_server);
	download(&w, 5);
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
	wire_sleep(800);
	return shutdown(w->peer, SHUT_WR) == 0;
}

static void
test_a_line_that_waits(void)
{
	struct wire w;
	int64_t before = processor_ms();

	wire_open(&w);
	wire_start(&w, says_a_line_that_waits);
	upload(&w, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_EQUAL(w.heard, 1);
	CU_ASSERT_TRUE(processor_ms() - before < 400);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* --- strange clients */

static bool
leaves_in_the_middle(struct wire *w)
{
	char piece[100];

	if (read(w->peer, piece, sizeof(piece)) <= 0)
		return false;
	wire_reset(&w->peer);
	return true;
}

static void
test_data_lost(void)
{
	struct wire w;

	open_download(&w, SIZE);
	wire_start(&w, leaves_in_the_middle);
	download(&w, 5);
	check_end(&w, TRANSFER_DATA_LOST);
	CU_ASSERT_TRUE(w.result.error == ECONNRESET ||
		w.result.error == EPIPE);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* All of it is in the server's kernel when the client leaves. */
static bool
leaves_near_the_end(struct wire *w)
{
	wire_sleep(300);
	return leaves_in_the_middle(w);
}

static void
test_data_lost_after_the_last_byte(void)
{
	struct wire w;

	open_last_bytes(&w);
	wire_start(&w, leaves_near_the_end);
	download(&w, 5);
	check_end(&w, TRANSFER_DATA_LOST);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* Input on a connection that only sends would, unread, reset it. */
static bool
talks_back(struct wire *w)
{
	if (!wire_say(w->peer, "why?", 4))
		return false;
	wire_sleep(200);
	return wire_drain(w->peer, 0) == 100 << 10;
}

static void
test_client_talks_back(void)
{
	struct wire w;

	wire_open(&w);
	wire_fill_file(&w, 100 << 10);
	wire_start(&w, talks_back);
	wire_sleep(100);
	download(&w, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
ends_its_half_first(struct wire *w)
{
	if (shutdown(w->peer, SHUT_WR) < 0)
		return false;
	wire_sleep(800);
	return wire_drain(w->peer, 0) == 40 << 10;
}

/* ... and the loop sleeps while the last bytes are under way. */
static void
test_half_closed_client(void)
{
	int64_t before = processor_ms();
	struct wire w;

	open_last_bytes(&w);
	wire_start(&w, ends_its_half_first);
	download(&w, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(w.result.duration_ms >= 700);
	CU_ASSERT_TRUE(processor_ms() - before < 400);
	CU_ASSERT_TRUE(wire_close(&w));
}

CU_TestInfo unit_tests[] = {
	{ "a transfer that stands still", test_stall },
	{ "one that stands still after the last byte",
		test_stall_after_the_last_byte },
	{ "a slow one is not stopped", test_progress_is_no_stall },
	{ "talk is no progress", test_talk_is_no_progress },
	{ "ABOR", test_abor },
	{ "ABOR is heard at full speed", test_abor_at_full_speed },
	{ "a lost control connection", test_control_lost },
	{ "a shutdown, a dead monitor", test_monitor },
	{ "a line that must wait", test_a_line_that_waits },
	{ "a client that leaves in the middle", test_data_lost },
	{ "a client that leaves before it has the last byte",
		test_data_lost_after_the_last_byte },
	{ "a client that talks back", test_client_talks_back },
	{ "a client that closes its half first", test_half_closed_client },
	CU_TEST_INFO_NULL,
};
