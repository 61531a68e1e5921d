/*
 * test_stream_gather.c - which writes of a stream share segments.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

const char *const unit_name = "stream_gather";

/* Only compared with NULL. */
static char thing;

static struct stream
open_stream(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	return stream_plain(fd);
}

static bool
has(const struct stream *s, int option)
{
	int value = 0;
	socklen_t size = sizeof(value);

	CU_ASSERT_EQUAL(getsockopt(s->fd, IPPROTO_TCP, option, &value, &size),
		0);
	return value != 0;
}

static void
check_gathers(struct stream *s)
{
	CU_ASSERT_FALSE(has(s, TCP_CORK));
	stream_gather(s);
	CU_ASSERT_TRUE(has(s, TCP_CORK));
	CU_ASSERT_FALSE(has(s, TCP_NODELAY));
	close(s->fd);
}

static void
check_sends_each(struct stream *s)
{
	stream_gather(s);
	CU_ASSERT_FALSE(has(s, TCP_CORK));
	CU_ASSERT_TRUE(has(s, TCP_NODELAY));
	close(s->fd);
}

static void
test_plain(void)
{
	struct stream s = open_stream();

	check_gathers(&s);
}

/* The ticket, the content and close_notify are written one by one. */
static void
test_tls(void)
{
	struct stream s = open_stream();

	s.tls = (struct tls *)&thing;
	check_gathers(&s);
}

static void
test_compressed(void)
{
	struct stream s = open_stream();

	s.compress = (struct deflate *)&thing;
	check_sends_each(&s);
}

static void
test_limited(void)
{
	struct rate rate = { .limit = 1000 };
	struct stream s = open_stream();

	s.writing = &rate;
	check_sends_each(&s);
	rate.limit = 0;
	s = open_stream();
	s.writing = &rate;
	check_gathers(&s);
}

/* TLS begins it, before the ticket; the transfer must not undo that. */
static void
test_once(void)
{
	struct rate rate = { .limit = 0 };
	struct stream s = open_stream();

	s.writing = &rate;
	stream_gather(&s);
	rate.limit = 1000;
	stream_gather(&s);
	CU_ASSERT_TRUE(has(&s, TCP_CORK));
	CU_ASSERT_FALSE(has(&s, TCP_NODELAY));
	close(s.fd);
}

CU_TestInfo unit_tests[] = {
	{ "without TLS: full segments", test_plain },
	{ "with TLS, too", test_tls },
	{ "MODE Z: each write at once", test_compressed },
	{ "limited: each write at once", test_limited },
	{ "the first call decides", test_once },
	CU_TEST_INFO_NULL,
};
