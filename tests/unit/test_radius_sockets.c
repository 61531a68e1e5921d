/*
 * test_radius_sockets.c - the process that makes sockets for radius.
 */
#include "common/base.h"
#include "daemon/radius/sockets.h"

#include "common/clock.h"
#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
#include "daemon/radius/connector.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

const char *const unit_name = "radius_sockets";

#define MANY 2000

enum { UDP, TCP, UNKNOWN, TARGETS };

static struct radius_target targets[TARGETS];
static struct radius_sockets sockets;
static int udp, tcp;

/* What came, in its order; NOTHING: not yet. */
#define NOTHING (-10000)
static struct radius_waiter waiters[MANY];
static int delivered[MANY];
static size_t count;

static void
take(void *context, int fd, int64_t now UNUSED)
{
	const struct radius_waiter *w = context;

	delivered[w - waiters] = fd;
	count++;
}

static void
ask(size_t i, uint32_t target)
{
	waiters[i] = (struct radius_waiter){ .take = take,
		.context = &waiters[i] };
	delivered[i] = NOTHING;
	radius_sockets_request(&sockets, &waiters[i], target);
}

/* False if they do not come. */
static bool
await(size_t n)
{
	int64_t deadline = clock_ms() + 10000;

	while (count < n && !clock_passed(deadline)) {
		struct pollfd fd = radius_sockets_watch(&sockets);

		(void)!poll(&fd, 1, clock_poll(deadline));
		if (!radius_sockets_step(&sockets, clock_ms()))
			return false;
	}
	return count == n;
}

static int
listen_here(int type, struct address *a)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(*a);

	CU_ASSERT_EQUAL_FATAL(address_parse(a, "127.0.0.1"), 0);
	CU_ASSERT_EQUAL_FATAL(bind(fd, &a->any, address_size(a)), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(fd, &a->any, &size), 0);
	if (type == SOCK_STREAM)
		CU_ASSERT_EQUAL_FATAL(listen(fd, 4), 0);
	return fd;
}

static bool
begin(void)
{
	if (child_skip_without_root("the connector"))
		return false;
	if (empty_root_fd() < 0) {
		CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody",
			"nobody"), 0);
		CU_ASSERT_EQUAL_FATAL(role_prepare_radius("nobody"), 0);
	}
	udp = listen_here(SOCK_DGRAM, &targets[UDP].address);
	tcp = listen_here(SOCK_STREAM, &targets[TCP].address);
	targets[TCP].tls = true;
	address_clear(&targets[UNKNOWN].address);
	int fd = radius_connector_start(targets, TARGETS, -1);
	CU_ASSERT_FATAL(fd >= 0);
	radius_sockets_init(&sockets, fd);
	count = 0;
	return true;
}

static void
end(void)
{
	close(sockets.fd);
	close(udp);
	close(tcp);
}

static void
close_granted(size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (delivered[i] >= 0)
			close(delivered[i]);
}

/* Connected to the target, and not blocking. */
static void
check_socket(int fd, uint32_t target, struct address *own)
{
	socklen_t size = sizeof(*own);
	struct address peer;
	char c;

	CU_ASSERT_EQUAL(getpeername(fd, &peer.any, &size), 0);
	CU_ASSERT(address_same_host(&peer, &targets[target].address));
	CU_ASSERT_EQUAL(address_port(&peer),
		address_port(&targets[target].address));
	CU_ASSERT(recv(fd, &c, 1, 0) < 0 && errno == EAGAIN);
	size = sizeof(*own);
	CU_ASSERT_EQUAL(getsockname(fd, &own->any, &size), 0);
}

static void
test_targets(void)
{
	struct address a, b, c;

	if (!begin())
		return;
	ask(0, UDP);
	ask(1, UDP);
	ask(2, TCP);
	ask(3, UNKNOWN);
	ask(4, TARGETS);
	ask(5, UINT32_MAX);
	CU_ASSERT(await(6));
	check_socket(delivered[0], UDP, &a);
	check_socket(delivered[1], UDP, &b);
	check_socket(delivered[2], TCP, &c);
	CU_ASSERT_NOT_EQUAL(address_port(&a), address_port(&b));
	CU_ASSERT_EQUAL(delivered[3], -EHOSTUNREACH);
	CU_ASSERT_EQUAL(delivered[4], -EINVAL);
	CU_ASSERT_EQUAL(delivered[5], -EINVAL);
	close_granted(6);
	end();
}

/* One that is not needed any more is closed, and nobody gets it. */
static void
test_cancelled(void)
{
	if (!begin())
		return;
	ask(0, UDP);
	ask(1, UDP);
	ask(2, TCP);
	radius_sockets_cancel(&sockets, &waiters[0]);
	radius_sockets_cancel(&sockets, &waiters[2]);
	radius_sockets_cancel(&sockets, &waiters[2]);
	ask(3, UDP);
	int before = dup(0);
	CU_ASSERT(await(2));
	CU_ASSERT_EQUAL(delivered[0], NOTHING);
	CU_ASSERT_EQUAL(delivered[2], NOTHING);
	CU_ASSERT(delivered[1] >= 0 && delivered[3] >= 0);
	close_granted(4);
	close(before);
	int after = dup(0);
	CU_ASSERT_EQUAL(after, before);
	close(after);
	end();
}

/* More than its queue holds: all are answered, if only by an error. */
static void
test_many(void)
{
	if (!begin())
		return;
	for (size_t i = 0; i < MANY; i++)
		ask(i, UNKNOWN);
	CU_ASSERT(sockets.full);
	CU_ASSERT(await(MANY));
	for (size_t i = 0; i < MANY; i++)
		CU_ASSERT_EQUAL(delivered[i], -EHOSTUNREACH);
	CU_ASSERT(!sockets.full && sockets.first == NULL);
	/* It goes on. */
	count = 0;
	ask(0, UDP);
	CU_ASSERT(await(1) && delivered[0] >= 0);
	close_granted(1);
	end();
}

/* A request of another length ends it. */
static void
test_end(void)
{
	struct pollfd fd;

	if (!begin())
		return;
	CU_ASSERT_EQUAL(send(sockets.fd, "12345", 5, 0), 5);
	fd = radius_sockets_watch(&sockets);
	CU_ASSERT_EQUAL(poll(&fd, 1, 5000), 1);
	CU_ASSERT(!radius_sockets_step(&sockets, clock_ms()));
	ask(0, UDP);
	CU_ASSERT(!radius_sockets_step(&sockets, clock_ms()));
	CU_ASSERT_EQUAL(delivered[0], NOTHING);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "the targets, and no others", test_targets },
	{ "requests that are cancelled", test_cancelled },
	{ "more requests than the queue holds", test_many },
	{ "a malformed request", test_end },
	CU_TEST_INFO_NULL,
};
