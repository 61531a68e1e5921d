/*
 * test_passive_ports.c - the ports that sessions reserve.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/process/passive_ports.h"
#include "tests/unit/place.h"

#include <sys/wait.h>

const char *const unit_name = "passive_ports";

static const struct port_range few = { 27400, 27403 };

static void
test_every_port_once(void)
{
	struct passive_ports *p = passive_ports_new(&(int){ -1 });

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, few, 2, 1000), 27402);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, few, 2, 1000), 27403);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, few, 2, 1000), 27400);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, few, 2, 1000), 27401);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, few, 2, 1000), 0);
	passive_ports_free(p);
}

static void
test_rest_and_lease(void)
{
	const struct port_range one = { 27400, 27400 };
	struct passive_ports *p = passive_ports_new(&(int){ -1 });
	int64_t now = 1000;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0, now), 27400);
	passive_ports_release(p, 27400, now);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0, now), 0);
	now += PASSIVE_PORTS_REST_MS;
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0, now), 27400);
	/* Its session dies. */
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0,
		now + PASSIVE_PORTS_LEASE_MS - 1), 0);
	now += PASSIVE_PORTS_LEASE_MS;
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0, now), 27400);
	passive_ports_busy(p, 27400, now);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0,
		now + PASSIVE_PORTS_BUSY_MS - 1), 0);
	passive_ports_free(p);
}

/* What a session that was taken over may write does not last. */
static void
test_nonsense(void)
{
	const struct port_range one = { 27400, 27400 };
	struct passive_ports *p = passive_ports_new(&(int){ -1 });

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	passive_ports_release(p, 27400, INT64_MAX / 2);
	CU_ASSERT_EQUAL(passive_ports_reserve(p, one, 0, 1000), 27400);
	passive_ports_free(p);
}

#define PROCESSES 8
#define EACH      50

static void
reserve_many(struct passive_ports *p, int out)
{
	const struct port_range range = { 47000, 47000 + PROCESSES * EACH - 1 };
	uint16_t ports[EACH];

	for (int i = 0; i < EACH; i++)
		ports[i] = passive_ports_reserve(p, range, 0, 1000);
	_exit(write(out, ports, sizeof(ports)) == sizeof(ports) ? 0 : 1);
}

/* Processes that reserve at the same time get different ports. */
static void
test_processes(void)
{
	struct passive_ports *p = passive_ports_new(&(int){ -1 });
	static bool seen[65536];
	uint16_t port;
	int ends[2], status, count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			reserve_many(p, ends[1]);
	for (int i = 0; i < PROCESSES; i++)
		CU_ASSERT(wait(&status) > 0 && status == 0);
	close(ends[1]);
	while (read(ends[0], &port, sizeof(port)) == sizeof(port)) {
		CU_ASSERT_FALSE(seen[port]);
		seen[port] = true;
		count++;
	}
	CU_ASSERT_EQUAL(count, PROCESSES * EACH);
	close(ends[0]);
	passive_ports_free(p);
}

/* Sessions take turns through the table; where it is wrong, bind() finds the
 * free ports. */
static void
test_bind_is_the_judge(void)
{
	struct passive_ports *ports = passive_ports_new(&(int){ -1 });
	struct place p[4];
	struct address bound;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ports);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		place_open(&p[i], "127.0.0.1");
		p[i].rules.passive_ports = few;
		p[i].data.ports = ports;
	}
	CU_ASSERT_EQUAL(data_passive(&p[0].data, &bound), 0);
	CU_ASSERT_EQUAL(p[0].data.reserved, address_port(&bound));
	/* One marks all as used, ... */
	while (passive_ports_reserve(ports, few, 0, clock_ms()) != 0)
		;
	for (size_t i = 1; i < ARRAY_SIZE(p); i++) {
		CU_ASSERT_EQUAL(data_passive(&p[i].data, &bound), 0);
		CU_ASSERT_EQUAL(p[i].data.reserved, 0);
	}
	/* ... or as free. */
	for (uint16_t port = few.from; port <= few.to; port++)
		passive_ports_release(ports, port, 0);
	CU_ASSERT_EQUAL(data_passive(&p[2].data, &bound), 0);
	CU_ASSERT_EQUAL(p[2].data.reserved, address_port(&bound));
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		place_close(&p[i]);
	passive_ports_free(ports);
}

/* The end of a data connection, or a new PASV, gives the port back. */
static void
test_given_back(void)
{
	struct passive_ports *ports = passive_ports_new(&(int){ -1 });
	struct address bound;
	struct place p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ports);
	place_open(&p, "127.0.0.1");
	p.rules.passive_ports = few;
	p.data.ports = ports;
	CU_ASSERT_EQUAL(data_passive(&p.data, &bound), 0);
	data_reset(&p.data);
	CU_ASSERT_EQUAL(p.data.reserved, 0);
	/* All four, after the rest of a released port. */
	int64_t later = clock_ms() + PASSIVE_PORTS_REST_MS + 1;
	for (int i = 0; i < 4; i++)
		CU_ASSERT_NOT_EQUAL(passive_ports_reserve(ports, few, 0,
			later), 0);
	CU_ASSERT_EQUAL(passive_ports_reserve(ports, few, 0, later), 0);
	place_close(&p);
	passive_ports_free(ports);
}

/* Without a range of its own: from the kernel's. */
static void
test_any_port(void)
{
	struct passive_ports *ports = passive_ports_new(&(int){ -1 });
	struct address bound;
	uint16_t before = 0;
	int same = 0;
	struct place p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ports);
	struct port_range any = passive_ports_any(ports);
	CU_ASSERT_TRUE(any.from == 0 || (any.from >= 1024 &&
		any.from <= any.to));
	place_open(&p, "127.0.0.1");
	p.data.ports = ports;
	for (int i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL_FATAL(data_passive(&p.data, &bound), 0);
		uint16_t port = address_port(&bound);
		CU_ASSERT_EQUAL(p.data.reserved, 0);
		CU_ASSERT_NOT_EQUAL(port, 0);
		CU_ASSERT_TRUE(any.from == 0 ||
			(port >= any.from && port <= any.to));
		same += port == before;
		before = port;
	}
	CU_ASSERT_TRUE(same < 5);
	place_close(&p);
	passive_ports_free(ports);
}

CU_TestInfo unit_tests[] = {
	{ "every port of a range is reserved once", test_every_port_once },
	{ "a released port is free after a delay, a leaked one later",
		test_rest_and_lease },
	{ "impossible times are ignored", test_nonsense },
	{ "processes never get the same port", test_processes },
	{ "bind() decides where the table is wrong", test_bind_is_the_judge },
	{ "a session gives its port back", test_given_back },
	{ "any port is one of the kernel's range", test_any_port },
	CU_TEST_INFO_NULL,
};
