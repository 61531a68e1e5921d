/*
 * test_data_active.c - active data connections: allowed targets, and the source
 * port.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/place.h"

#include "common/io.h"

#include <sys/socket.h>

const char *const unit_name = "data_active";

static void
active_on(const char *address)
{
	struct address to;
	struct place p;
	struct sockaddr_storage ss;
	struct address from;
	socklen_t size = sizeof(ss);
	int listener = place_listen(address, &to);

	place_open(&p, address);
	CU_ASSERT_EQUAL_FATAL(data_active(&p.data, &to), 0);
	int fd = place_open_data(&p, 2000);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	place_check_socket(&p, fd);
	int client = accept(listener, (struct sockaddr *)&ss, &size);
	CU_ASSERT_TRUE_FATAL(client >= 0);
	CU_ASSERT_EQUAL(address_from_socket(&from, &ss), 0);
	CU_ASSERT_TRUE(address_same_host(&from, &p.server));
	place_check_used_up(&p);
	close(client);
	close(fd);
	close(listener);
	place_close(&p);
}

static void
test_active(void)
{
	active_on("127.0.0.1");
	active_on("127.0.0.3");	/* not the address the kernel would pick */
	active_on("::1");
}

static void
check_refused(struct place *p, const char *to, uint16_t port, int error)
{
	struct address a = place_address(to, port);
	struct address good = place_address("127.0.0.1", 47350);
	struct address bound;

	/* What stood before is cleared by a refusal (rule R12). */
	CU_ASSERT_EQUAL(data_passive(&p->data, &bound), 0);
	CU_ASSERT_EQUAL(data_active(&p->data, &a), error);
	CU_ASSERT_EQUAL(p->data.mode, DATA_NONE);
	CU_ASSERT_EQUAL(p->data.fd, -1);
	CU_ASSERT_EQUAL(data_active(&p->data, &good), 0);
	CU_ASSERT_EQUAL(data_active(&p->data, &a), error);
	CU_ASSERT_EQUAL(p->data.mode, DATA_NONE);
}

static void
test_refusals(void)
{
	struct place p;
	struct address to = place_address("127.0.0.1", 1023);

	place_open(&p, "127.0.0.1");
	check_refused(&p, "127.0.0.2", 40000, -EPERM);
	check_refused(&p, "127.0.0.1", 1023, -EACCES);
	check_refused(&p, "127.0.0.1", 0, -EACCES);
	check_refused(&p, "::1", 40000, -EAFNOSUPPORT);
	check_refused(&p, "::ffff:127.0.0.1", 40000, -EAFNOSUPPORT);

	p.rules.allow_privileged_ports = true;
	CU_ASSERT_EQUAL(data_active(&p.data, &to), 0);
	check_refused(&p, "127.0.0.1", 0, -EACCES);
	char yes[] = "yes", active[] = "active", passive[] = "passive";
	p.rules.allow_fxp = yes;
	to = place_address("127.0.0.2", 40000);
	CU_ASSERT_EQUAL(data_active(&p.data, &to), 0);
	p.rules.allow_fxp = active;
	CU_ASSERT_EQUAL(data_active(&p.data, &to), 0);
	p.rules.allow_fxp = passive;
	check_refused(&p, "127.0.0.2", 40000, -EPERM);
	place_close(&p);
}

static void
test_nobody_listens(void)
{
	struct address to;
	struct place p;
	int listener = place_listen("127.0.0.1", &to);

	close(listener);
	place_open(&p, "127.0.0.1");
	CU_ASSERT_EQUAL_FATAL(data_active(&p.data, &to), 0);
	CU_ASSERT_EQUAL(place_open_data(&p, 2000), -ECONNREFUSED);
	place_check_used_up(&p);
	place_close(&p);
}

/* --- the privileged source port */

/* Blocking: the session must not rely on the monitor. */
static int
socket_from(uint16_t port)
{
	struct address a = place_address("127.0.0.1", port);
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	CU_ASSERT_EQUAL_FATAL(bind(fd, &a.any, address_size(&a)), 0);
	return fd;
}

static void
test_source_port(void)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	struct address to, from;
	struct place p;
	int listener = place_listen("127.0.0.1", &to);

	place_open(&p, "127.0.0.1");
	p.rules.active_source_port = 20;
	p.answer = socket_from(47360);
	CU_ASSERT_EQUAL_FATAL(data_active(&p.data, &to), 0);
	int fd = place_open_data(&p, 2000);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	place_check_socket(&p, fd);
	int client = accept(listener, (struct sockaddr *)&ss, &size);
	CU_ASSERT_EQUAL(address_from_socket(&from, &ss), 0);
	CU_ASSERT_EQUAL(address_port(&from), 47360);
	CU_ASSERT_EQUAL(p.asked, 1);
	CU_ASSERT_TRUE(address_same_host(&p.asked_for, &to));
	CU_ASSERT_EQUAL(address_port(&p.asked_for), address_port(&to));
	wire_reset(&client);
	close(fd);
	close(listener);
	place_close(&p);
}

static void
test_authority_refuses(void)
{
	struct address to = place_address("127.0.0.1", 47361);
	struct place p;

	place_open(&p, "127.0.0.1");
	p.rules.active_source_port = 20;
	p.answer = -EADDRINUSE;
	CU_ASSERT_EQUAL_FATAL(data_active(&p.data, &to), 0);
	CU_ASSERT_EQUAL(place_open_data(&p, 2000), -EADDRINUSE);
	CU_ASSERT_EQUAL(p.end, TRANSFER_RUNNING);
	place_check_used_up(&p);
	p.answer = -ECANCELED;
	CU_ASSERT_EQUAL_FATAL(data_active(&p.data, &to), 0);
	CU_ASSERT_EQUAL(place_open_data(&p, 2000), -ECANCELED);
	CU_ASSERT_EQUAL(p.end, TRANSFER_STOPPED);
	place_close(&p);
}

CU_TestInfo unit_tests[] = {
	{ "active, from the control connection's address", test_active },
	{ "targets that are refused", test_refusals },
	{ "a client that does not listen", test_nobody_listens },
	{ "from the port that the authority binds", test_source_port },
	{ "an authority that refuses, or ends the session",
		test_authority_refuses },
	CU_TEST_INFO_NULL,
};
