/*
 * test_data.c - passive data connections: ports, connections from other hosts,
 * deadlines.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/place.h"

#include "common/clock.h"
#include "common/io.h"

#include <sys/socket.h>

const char *const unit_name = "data";

static void
passive_on(const char *address)
{
	struct address bound;
	struct place p;

	place_open(&p, address);
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	CU_ASSERT_TRUE(address_same_host(&bound, &p.server));
	CU_ASSERT_NOT_EQUAL(address_port(&bound), 0);
	int client = place_connect(address, &bound);
	CU_ASSERT_TRUE_FATAL(client >= 0);
	int fd = place_open_data(&p, 2000);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	place_check_socket(&p, fd);
	place_check_used_up(&p);
	/* The listener is gone too. */
	CU_ASSERT_EQUAL(place_connect(address, &bound), -ECONNREFUSED);
	close(fd);
	close(client);
	place_close(&p);
}

static void
test_passive(void)
{
	passive_on("127.0.0.1");
	passive_on("::1");
}

/* The first in the queue is a stranger; the client's turn comes all the
 * same. */
static void
test_stranger(void)
{
	struct address bound;
	struct place p;
	char byte;

	place_open(&p, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	int stranger = place_connect("127.0.0.2", &bound);
	CU_ASSERT_TRUE_FATAL(stranger >= 0);
	int client = place_connect("127.0.0.1", &bound);
	CU_ASSERT_TRUE_FATAL(client >= 0);
	int fd = place_open_data(&p, 2000);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "x", 1), 1);
	CU_ASSERT_EQUAL(read(client, &byte, 1), 1);
	CU_ASSERT_TRUE(read(stranger, &byte, 1) <= 0);
	close(fd);
	close(client);
	close(stranger);
	place_close(&p);
}

static void
test_only_strangers(void)
{
	struct address bound;
	struct place p;

	place_open(&p, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	int stranger = place_connect("127.0.0.2", &bound);
	int64_t before = clock_ms();
	char active[] = "active";
	p.rules.allow_fxp = active;
	CU_ASSERT_EQUAL(place_open_data(&p, 200), -ETIMEDOUT);
	CU_ASSERT_TRUE(clock_ms() - before >= 200);
	CU_ASSERT_TRUE(clock_ms() - before < 1500);
	close(stranger);
	place_check_used_up(&p);

	/* ... unless the administrator wants them. */
	char networks[] = "127.0.0.2/32", passive[] = "passive";
	char *const wanted[] = { networks, passive };
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		p.rules.allow_fxp = wanted[i];
		CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
		stranger = place_connect("127.0.0.2", &bound);
		int fd = place_open_data(&p, 2000);
		CU_ASSERT_TRUE(fd >= 0);
		io_close(&fd);
		close(stranger);
	}
	place_close(&p);
}

/* Every port of the range is found, however the dice fall, and then none. */
static void
test_range(void)
{
	enum { PORTS = 4, FROM = 27310 };
	struct place p[PORTS + 1];
	struct address bound;
	unsigned seen = 0;

	for (int i = 0; i <= PORTS; i++) {
		place_open(&p[i], "127.0.0.1");
		p[i].rules.passive_ports =
			(struct port_range){ FROM, FROM + PORTS - 1 };
	}
	for (int i = 0; i < PORTS; i++) {
		CU_ASSERT_EQUAL(data_passive(&p[i].data, &bound), 0);
		seen |= 1u << (address_port(&bound) - FROM);
	}
	CU_ASSERT_EQUAL(seen, (1u << PORTS) - 1);
	CU_ASSERT_EQUAL(data_passive(&p[PORTS].data, &bound), -EADDRINUSE);
	CU_ASSERT_EQUAL(p[PORTS].data.mode, DATA_NONE);
	/* A second PASV gives its own port back first. */
	CU_ASSERT_EQUAL(data_passive(&p[0].data, &bound), 0);
	for (int i = 0; i <= PORTS; i++)
		place_close(&p[i]);
}

/* A range of one works again and again, also while the connection before
 * lingers in TIME_WAIT. */
static void
test_port_is_used_again(void)
{
	struct address bound;
	struct place p;

	place_open(&p, "127.0.0.1");
	p.rules.passive_ports = (struct port_range){ 27320, 27320 };
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
		CU_ASSERT_EQUAL(address_port(&bound), 27320);
		int client = place_connect("127.0.0.1", &bound);
		int fd = place_open_data(&p, 2000);
		CU_ASSERT_TRUE_FATAL(client >= 0 && fd >= 0);
		close(fd);
		close(client);
	}
	place_close(&p);
}

static void
test_ports_are_not_guessable(void)
{
	struct address bound;
	unsigned seen = 0;
	struct place p;

	place_open(&p, "127.0.0.1");
	p.rules.passive_ports = (struct port_range){ 27330, 27330 + 15 };
	for (int i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
		seen |= 1u << (address_port(&bound) - 27330);
	}
	/* One of 16 stays unseen once in 25000 runs; four never. */
	CU_ASSERT_TRUE(__builtin_popcount(seen) > 12);
	place_close(&p);
}

/* --- the watch */

static bool
says_abor(struct wire *w)
{
	return wire_server_waits() && wire_say(w->control_peer, "nA", 2);
}

static bool
hangs_up(struct wire *w)
{
	return wire_server_waits() && shutdown(w->control_peer, SHUT_WR) == 0;
}

static void
check_cancelled(wire_client *client, enum transfer_end end)
{
	struct address bound;
	struct place p;

	place_open(&p, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	wire_start(&p.wire, client);
	CU_ASSERT_EQUAL(place_open_data(&p, 5000), -ECANCELED);
	CU_ASSERT_EQUAL(p.end, end);
	/* The client's next command may use it. */
	p.wire.watch.control_fd = -1;
	place_check_kept(&p);
	place_close(&p);
}

static void
test_watch(void)
{
	check_cancelled(says_abor, TRANSFER_ABORTED);
	check_cancelled(hangs_up, TRANSFER_CONTROL_LOST);
}

/* A command that is refused gives its connection back, for the next. */
static void
test_connection_is_kept(void)
{
	struct address bound;
	struct place p;
	char byte;

	place_open(&p, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	int client = place_connect("127.0.0.1", &bound);
	int fd = place_open_data(&p, 1000);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	data_keep(&p.data, fd);
	CU_ASSERT_EQUAL(place_open_data(&p, 0), fd);
	CU_ASSERT_EQUAL(write(client, "x", 1), 1);
	CU_ASSERT_EQUAL(read(fd, &byte, 1), 1);
	place_check_used_up(&p);

	/* Another preparation closes it. */
	data_keep(&p.data, fd);
	CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
	CU_ASSERT_EQUAL(read(client, &byte, 1), 0);
	close(client);
	place_close(&p);
}

CU_TestInfo unit_tests[] = {
	{ "passive, IPv4 and IPv6", test_passive },
	{ "another host is refused, the client is accepted", test_stranger },
	{ "only other hosts connect", test_only_strangers },
	{ "all ports of a range, then an error", test_range },
	{ "a range of one port", test_port_is_used_again },
	{ "ports cannot be guessed", test_ports_are_not_guessable },
	{ "ABOR and a lost client while waiting", test_watch },
	{ "a connection that was not used is kept", test_connection_is_kept },
	CU_TEST_INFO_NULL,
};
