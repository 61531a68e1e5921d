/*
 * test_send_size.c - downloads of files that are not as long as they were
 * announced.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "worker/data/send.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const unit_name = "send_size";

#define SIZE ((int64_t)3 * 1024 * 1024 + 17)

static void
check_end(const struct wire *w, enum transfer_end end, int64_t bytes)
{
	CU_ASSERT_EQUAL(w->result.end, end);
	CU_ASSERT_EQUAL(w->result.bytes, bytes);
}

/* The client holds the transfer up, changes the file, and reads on. */
static bool
shrinks_the_file(struct wire *w)
{
	if (!unit_await(w->peer, POLLIN) || !wire_server_waits() ||
	    ftruncate(w->file, 1 << 20) < 0)
		return false;
	return wire_drain(w->peer, 0) == -ECONNRESET - 1;
}

static bool
grows_the_file(struct wire *w)
{
	if (!unit_await(w->peer, POLLIN) || !wire_server_waits())
		return false;
	wire_fill_file(w, 2 * SIZE);
	return wire_drain(w->peer, 0) == 2 * SIZE;
}

/* sysfs: a page is promised, and a line is there. */
static bool
wants_a_line(struct wire *w)
{
	char line[100];
	ssize_t n = recv(w->peer, line, sizeof(line), MSG_WAITALL);

	return n > 1 && n < 100 && line[n - 1] == '\n';
}

static void
test_file_that_promises_more(void)
{
	struct stat st;
	struct wire w;

	wire_open(&w);
	close(w.file);
	w.file = open("/sys/class/net/lo/mtu", O_RDONLY | O_CLOEXEC);
	CU_ASSERT_TRUE_FATAL(fstat(w.file, &st) == 0);
	w.size = st.st_size;
	CU_ASSERT_TRUE(w.size >= 4096);
	wire_start(&w, wants_a_line);
	wire_download(&w, 0, 5);
	CU_ASSERT_EQUAL(w.result.end, TRANSFER_COMPLETE);
	CU_ASSERT_TRUE(w.result.bytes > 1 && w.result.bytes < 100);
	CU_ASSERT_TRUE(wire_close(&w));
}

static void
test_file_changes_its_size(void)
{
	struct wire w;

	wire_open(&w);
	wire_narrow(&w);
	wire_fill_file(&w, SIZE);
	wire_start(&w, shrinks_the_file);
	wire_download(&w, 0, 5);
	CU_ASSERT_EQUAL(w.result.end, TRANSFER_LOCAL_ERROR);
	CU_ASSERT_EQUAL(w.result.error, ENODATA);
	CU_ASSERT_TRUE(w.result.bytes <= 1 << 20);
	CU_ASSERT_TRUE(wire_close(&w));

	wire_open(&w);
	wire_narrow(&w);
	wire_fill_file(&w, SIZE);
	wire_start(&w, grows_the_file);
	wire_download(&w, 0, 5);
	check_end(&w, TRANSFER_COMPLETE, 2 * SIZE);
	CU_ASSERT_TRUE(wire_close(&w));
}

CU_TestInfo unit_tests[] = {
	{ "a file that shrinks or grows on its way",
		test_file_changes_its_size },
	{ "a file that is shorter than its size says",
		test_file_that_promises_more },
	CU_TEST_INFO_NULL,
};
