/*
 * test_listener.c - the listening sockets, on loopback with ports that the
 * kernel picks.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/io.h"
#include "common/log/log.h"
#include "daemon/clients/listener.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

const char *const unit_name = "listener";

static struct address
parsed(const char *text)
{
	struct address a;

	if (*text == '\0')
		address_clear(&a);
	else
		CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return a;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t size = sizeof(ss);
	struct address a;

	CU_ASSERT_EQUAL_FATAL(getsockname(fd, (struct sockaddr *)&ss, &size),
		0);
	CU_ASSERT_EQUAL_FATAL(address_from_socket(&a, &ss), 0);
	return address_port(&a);
}

/* A port that is free now, for tests that must name one. */
static uint16_t
free_port(void)
{
	struct address any = parsed("");
	int fd = listener_open(&any, 0);

	CU_ASSERT_FATAL(fd >= 0);
	uint16_t port = port_of(fd);
	io_close(&fd);
	return port;
}

static int
dial(const char *host, uint16_t port)
{
	struct address a = parsed(host);

	address_set_port(&a, port);
	int fd = socket(address_family(&a), SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_FATAL(fd >= 0);
	if (connect(fd, &a.any, address_size(&a)) < 0)
		io_close(&fd);
	return fd;
}

static bool
has_ipv6(void)
{
	struct address a = parsed("::1");
	int fd = listener_open(&a, 0);
	bool has = fd >= 0;

	io_close(&fd);
	if (!has)
		puts("listener: no IPv6 here, its half is left out");
	return has;
}

/* Accept one client at fd and see who it is. */
static void
expect_client(int fd, const char *peer_text)
{
	struct address peer, local;
	char text[ADDRESS_TEXT_SIZE];
	struct pollfd p = { .fd = fd, .events = POLLIN };

	CU_ASSERT_EQUAL(poll(&p, 1, 2000), 1);
	int client = listener_accept(fd, &peer, &local);
	CU_ASSERT_FATAL(client >= 0);
	CU_ASSERT_STRING_EQUAL(address_text(&peer, text), peer_text);
	CU_ASSERT_TRUE(address_same_host(&peer, &local));
	CU_ASSERT_EQUAL(address_port(&local), port_of(fd));
	CU_ASSERT_NOT_EQUAL(address_port(&peer), 0);
	CU_ASSERT_TRUE(fcntl(client, F_GETFD) & FD_CLOEXEC);
	io_close(&client);
}

static void
all_addresses(void)
{
	struct address any = parsed("");
	int fd = listener_open(&any, 0);

	CU_ASSERT_FATAL(fd >= 0);
	int one = dial("127.0.0.1", port_of(fd));
	CU_ASSERT_TRUE(one >= 0);
	expect_client(fd, "127.0.0.1");
	if (has_ipv6()) {
		int two = dial("::1", port_of(fd));
		CU_ASSERT_TRUE(two >= 0);
		expect_client(fd, "::1");
		io_close(&two);
	}
	io_close(&one);
	io_close(&fd);
}

static void
one_address(void)
{
	struct address a = parsed("127.0.0.1");
	int fd = listener_open(&a, 0);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(dial("127.0.0.2", port_of(fd)), -1);
	int one = dial("127.0.0.1", port_of(fd));
	CU_ASSERT_TRUE(one >= 0);
	expect_client(fd, "127.0.0.1");
	io_close(&one);
	io_close(&fd);

	/* :: named is IPv6 only, so that 0.0.0.0 can stand beside it. */
	if (!has_ipv6())
		return;
	struct address six = parsed("::"), four = parsed("0.0.0.0");
	int beside = -1;
	/* Another program may use the port with IPv4. */
	for (int tries = 0; tries < 20 && beside < 0; tries++) {
		io_close(&fd);
		fd = listener_open(&six, 0);
		CU_ASSERT_FATAL(fd >= 0);
		beside = listener_open(&four, port_of(fd));
	}
	CU_ASSERT_TRUE(beside >= 0);
	io_close(&beside);
	CU_ASSERT_EQUAL(dial("127.0.0.1", port_of(fd)), -1);
	io_close(&fd);
}

static void
nobody_waits(void)
{
	struct address a = parsed("127.0.0.1"), peer, local;
	int fd = listener_open(&a, 0);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CU_ASSERT_EQUAL(listener_accept(fd, &peer, &local), -EAGAIN);
	io_close(&fd);
	CU_ASSERT_EQUAL(listener_accept(-1, &peer, &local), -EBADF);
}

static void
gone_client(void)
{
	struct linger reset = { .l_onoff = 1 };
	struct address a = parsed("127.0.0.1"), peer, local;
	int fd = listener_open(&a, 0);

	CU_ASSERT_FATAL(fd >= 0);
	int client = dial("127.0.0.1", port_of(fd));
	setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	io_close(&client);
	/* One client's trouble, and no descriptor is left of it. */
	CU_ASSERT_EQUAL(listener_accept(fd, &peer, &local), -ECONNABORTED);
	CU_ASSERT_EQUAL(listener_accept(fd, &peer, &local), -EAGAIN);
	io_close(&fd);
}

static void
taken_port(void)
{
	struct address a = parsed("127.0.0.1");
	int fd = listener_open(&a, 0);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(listener_open(&a, port_of(fd)), -EADDRINUSE);
	struct address foreign = parsed("192.0.2.1");
	CU_ASSERT_EQUAL(listener_open(&foreign, 0), -EADDRNOTAVAIL);
	io_close(&fd);
}

static void
set_listener(struct settings *s, size_t i, const char *address, uint16_t port)
{
	s->listeners[i].address = parsed(address);
	s->listeners[i].port = port;
}

static void
unchanged_stay_open(void)
{
	struct listeners l = { .count = 0 };
	struct settings *s = calloc(1, sizeof(*s));
	uint16_t first = free_port(), second = free_port();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->listener_count = 1;
	set_listener(s, 0, "127.0.0.1", first);
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	int kept = l.list[0].fd;
	int waiting = dial("127.0.0.1", first);

	/* A new one before it: its index changes, its queue does not. */
	s->listener_count = 2;
	set_listener(s, 0, "127.0.0.1", second);
	set_listener(s, 1, "127.0.0.1", first);
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	CU_ASSERT_EQUAL(l.count, 2);
	CU_ASSERT_EQUAL(l.list[1].fd, kept);
	CU_ASSERT_EQUAL(l.list[1].index, 1);
	expect_client(kept, "127.0.0.1");

	s->listener_count = 1;
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	CU_ASSERT_EQUAL(dial("127.0.0.1", first), -1);
	int other = dial("127.0.0.1", second);
	CU_ASSERT_TRUE(other >= 0);
	listener_close_all(&l);
	CU_ASSERT_EQUAL(l.count, 0);
	CU_ASSERT_EQUAL(dial("127.0.0.1", second), -1);
	io_close(&other);
	io_close(&waiting);
	free(s);
}

static void
all_or_nothing(void)
{
	struct listeners l = { .count = 0 };
	struct settings *s = calloc(1, sizeof(*s));
	uint16_t good = free_port(), other = free_port();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->listener_count = 1;
	set_listener(s, 0, "127.0.0.1", good);
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	struct listeners before = l;

	s->listener_count = 2;
	set_listener(s, 0, "127.0.0.1", other);
	set_listener(s, 1, "192.0.2.1", other);
	CU_ASSERT_EQUAL(listener_change(&l, s), -EADDRNOTAVAIL);
	CU_ASSERT_EQUAL(memcmp(&before, &l, sizeof(l)), 0);
	CU_ASSERT_EQUAL(dial("127.0.0.1", other), -1);
	/* The same place twice is one too many. */
	set_listener(s, 0, "127.0.0.1", good);
	set_listener(s, 1, "127.0.0.1", good);
	CU_ASSERT_EQUAL(listener_change(&l, s), -EADDRINUSE);
	int fd = dial("127.0.0.1", good);
	CU_ASSERT_TRUE(fd >= 0);
	io_close(&fd);
	listener_close_all(&l);
	free(s);
}

/* From all addresses to one, on the same port: the old one is in the way. */
static void
narrowed(void)
{
	struct listeners l = { .count = 0 };
	struct settings *s = calloc(1, sizeof(*s));
	uint16_t port = free_port();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->listener_count = 1;
	set_listener(s, 0, "", port);
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	set_listener(s, 0, "127.0.0.1", port);
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	CU_ASSERT_TRUE(l.list[0].fd >= 0);
	CU_ASSERT_EQUAL(dial("127.0.0.2", port), -1);
	int fd = dial("127.0.0.1", port);
	CU_ASSERT_TRUE(fd >= 0);
	io_close(&fd);
	listener_close_all(&l);
	free(s);
}

/* The old one is in the way of an address that cannot be opened afterwards:
 * it is opened again. */
static void
narrowed_in_vain(void)
{
	struct listeners l = { .count = 0 };
	struct settings *s = calloc(1, sizeof(*s));
	uint16_t port = free_port();
	socklen_t size = sizeof(int);
	int on = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->listener_count = 1;
	set_listener(s, 0, "", port);
	s->listeners[0].keepalive = 900;
	s->listeners[0].keepalive_interval = 10;
	s->listeners[0].keepalive_probes = 3;
	CU_ASSERT_EQUAL_FATAL(listener_change(&l, s), 0);
	s->listener_count = 2;
	set_listener(s, 0, "127.0.0.1", port);
	set_listener(s, 1, "192.0.2.1", port);
	CU_ASSERT_EQUAL(listener_change(&l, s), -EADDRNOTAVAIL);
	CU_ASSERT_EQUAL(l.count, 1);
	CU_ASSERT_FALSE(address_is_set(&l.list[0].address));
	CU_ASSERT_EQUAL(getsockopt(l.list[0].fd, SOL_SOCKET, SO_KEEPALIVE, &on,
		&size), 0);
	CU_ASSERT_TRUE(on);
	int fd = dial("127.0.0.2", port);
	CU_ASSERT_TRUE(fd >= 0);
	io_close(&fd);
	listener_close_all(&l);
	free(s);
}

static void
whose_connection(void)
{
	struct listeners l = {
		.count = 3,
		.list = {
			{ .fd = 5, .address = parsed("192.0.2.1"), .port = 21 },
			{ .fd = -1, .address = parsed(""), .port = 22 },
			{ .fd = 7, .address = parsed(""), .port = 2121 },
		},
	};
	struct address local = parsed("192.0.2.1");

	address_set_port(&local, 21);
	CU_ASSERT_PTR_EQUAL(listener_of(&l, &local), &l.list[0]);
	address_set_port(&local, 22);
	CU_ASSERT_PTR_NULL(listener_of(&l, &local));
	address_set_port(&local, 2121);
	CU_ASSERT_PTR_EQUAL(listener_of(&l, &local), &l.list[2]);
	local = parsed("192.0.2.2");
	address_set_port(&local, 21);
	CU_ASSERT_PTR_NULL(listener_of(&l, &local));
}

static void
texts(void)
{
	char text[LISTENER_TEXT_SIZE];
	struct listener l = { .address = parsed(""), .port = 21 };

	CU_ASSERT_STRING_EQUAL(listener_text(&l, text), "port 21");
	l.address = parsed("192.0.2.1");
	CU_ASSERT_STRING_EQUAL(listener_text(&l, text), "192.0.2.1:21");
	l.address = parsed("2001:db8::1");
	l.port = 65535;
	CU_ASSERT_STRING_EQUAL(listener_text(&l, text),
		"[2001:db8::1]:65535");
}

CU_TestInfo unit_tests[] = {
	{ "an empty address serves IPv4 and IPv6", all_addresses },
	{ "a named address serves itself only", one_address },
	{ "no client is waiting", nobody_waits },
	{ "a client that disconnects before accept", gone_client },
	{ "a port in use, an address of another host", taken_port },
	{ "a reload keeps unchanged sockets open", unchanged_stay_open },
	{ "a reload that fails changes nothing", all_or_nothing },
	{ "a reload from all addresses to one", narrowed },
	{ "a reload to an address that cannot be opened", narrowed_in_vain },
	{ "the listener of a connection", whose_connection },
	{ "names of listeners in messages", texts },
	CU_TEST_INFO_NULL,
};
