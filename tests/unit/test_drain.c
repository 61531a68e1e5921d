/*
 * test_drain.c - downloads to clients that misuse their data connection: which
 * transfers count as complete.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "worker/data/send.h"

#include <sys/socket.h>

const char *const unit_name = "drain";

#define LAST_BYTES (40 << 10)

static void
check_end(const struct wire *w, enum transfer_end end)
{
	CU_ASSERT_EQUAL(w->result.end, end);
}

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

	wire_open(&w);
	wire_narrow(&w);
	wire_fill_file(&w, 8 << 20);
	wire_start(&w, leaves_in_the_middle);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_DATA_LOST);
	CU_ASSERT_TRUE(w.result.error == ECONNRESET ||
		w.result.error == EPIPE);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* All of it is in the server's kernel when the client leaves. */
static bool
leaves_near_the_end(struct wire *w)
{
	return wire_server_waits() && leaves_in_the_middle(w);
}

static void
test_data_lost_after_the_last_byte(void)
{
	struct wire w;

	/* More than the two segments that may be acknowledged late. */
	wire_open_last_bytes(&w, 5 * LAST_BYTES);
	wire_start(&w, leaves_near_the_end);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_DATA_LOST);
	CU_ASSERT_TRUE(wire_close(&w));
}

/* Input on a connection that only sends would, unread, reset it. */
static bool
talks_back(struct wire *w)
{
	if (!wire_say(w->peer, "why?", 4) || !unit_await(w->peer, POLLIN))
		return false;
	return wire_server_waits() && wire_drain(w->peer, 0) == 100 << 10;
}

static void
test_client_talks_back(void)
{
	struct wire w;

	wire_open(&w);
	wire_fill_file(&w, 100 << 10);
	wire_start(&w, talks_back);
	CU_ASSERT_TRUE(unit_await(w.data, POLLIN));
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
ends_its_half_first(struct wire *w)
{
	if (shutdown(w->peer, SHUT_WR) < 0)
		return false;
	/* So long that a loop that did not sleep would be seen. */
	wire_sleep(800);
	return wire_drain(w->peer, 0) == LAST_BYTES;
}

/* ... and the loop sleeps while the last bytes are under way. */
static void
test_half_closed_client(void)
{
	int64_t before = wire_processor_ms();
	struct wire w;

	wire_open_last_bytes(&w, LAST_BYTES);
	wire_start(&w, ends_its_half_first);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(w.result.duration_ms >= 400);
	CU_ASSERT_TRUE(wire_processor_ms() - before < 400);
	CU_ASSERT_TRUE(wire_close(&w));
}

static bool
closes_at_once(struct wire *w)
{
	return close(w->peer) == 0;
}

/* Such a client has nothing, be the file as small as it may. */
static void
test_client_that_is_gone(void)
{
	struct wire w;

	wire_open(&w);
	wire_fill_file(&w, 14);
	wire_start(&w, closes_at_once);
	CU_ASSERT_TRUE(unit_await(w.data, POLLRDHUP));
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_DATA_LOST);
	CU_ASSERT_TRUE(wire_close(&w));
}

CU_TestInfo unit_tests[] = {
	{ "a client that has left before the first byte",
		test_client_that_is_gone },
	{ "a client that leaves in the middle", test_data_lost },
	{ "a client that leaves before it has the last byte",
		test_data_lost_after_the_last_byte },
	{ "a client that talks back", test_client_talks_back },
	{ "a client that closes its half first", test_half_closed_client },
	CU_TEST_INFO_NULL,
};
