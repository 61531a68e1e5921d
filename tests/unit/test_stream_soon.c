/*
 * test_stream_soon.c - the one read of a stream that waits.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "common/clock.h"
#include "common/io.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

const char *const unit_name = "stream_soon";

#define WAIT_MS 60

static void
open_pair(struct stream *s, int *far)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, fds), 0);
	*s = stream_plain(fds[0]);
	*far = fds[1];
	CU_ASSERT_EQUAL_FATAL(io_nonblocking(fds[0], true), 0);
}

static void
test_wait(void)
{
	struct stream s;
	char bytes[8];
	int far;

	open_pair(&s, &far);
	CU_ASSERT_EQUAL(write(far, "abc", 3), 3);
	CU_ASSERT_EQUAL(stream_read_soon(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_EQUAL_FATAL(stream_wait_in_reads(&s, WAIT_MS), 0);
	CU_ASSERT_EQUAL(stream_read_soon(&s, bytes, 8), 3);

	int64_t began = clock_ms();
	CU_ASSERT_EQUAL(stream_read_soon(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLIN);
	CU_ASSERT_TRUE(clock_ms() - began >= WAIT_MS - 20);
	close(far);
	CU_ASSERT_EQUAL(stream_read_soon(&s, bytes, 8), 0);
	stream_close(&s);
}

static void
test_others(void)
{
	static char zeros[65536];
	struct stream s;
	char bytes[8];
	ssize_t n;
	int far;

	signal(SIGPIPE, SIG_IGN);
	open_pair(&s, &far);
	CU_ASSERT_EQUAL_FATAL(stream_wait_in_reads(&s, WAIT_MS), 0);
	int64_t began = clock_ms();
	for (int i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_TRUE(clock_ms() - began < 100 * WAIT_MS);
	while ((n = stream_write(&s, zeros, sizeof(zeros))) > 0)
		;
	CU_ASSERT_EQUAL(n, -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLOUT);
	close(far);
	CU_ASSERT_EQUAL(stream_write(&s, zeros, 1), -EPIPE);
	stream_close(&s);
}

CU_TestInfo unit_tests[] = {
	{ "it waits", test_wait },
	{ "other calls do not", test_others },
	CU_TEST_INFO_NULL,
};
