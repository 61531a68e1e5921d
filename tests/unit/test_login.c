/*
 * test_login.c - delays of the monitor's answers, and requests to it.
 */
#include "common/base.h"
#include "common/accounts/answer_time.h"
#include "pam/requests.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/socket.h>

const char *const unit_name = "login";

/* Rule R17: began, now, delay, failures, expected. */
static void
test_answer_time(void)
{
	static const int64_t rows[][5] = {
		{ 5000, 5000, 1, 1, 6000 },
		{ 5000, 5001, 1, 1, 6000 },
		{ 5000, 5999, 1, 1, 6000 },
		/* the check took longer: the next multiple */
		{ 5000, 6000, 1, 1, 7000 },
		{ 5000, 8100, 1, 1, 9000 },
		/* doubled with each failure */
		{ 5000, 5010, 1, 2, 7000 },
		{ 5000, 5010, 1, 3, 9000 },
		{ 5000, 9010, 1, 3, 13000 },
		{ 5000, 5010, 3, 2, 11000 },
		{ 0, 1, 60, 10, 60 * 512 * 1000 },
		{ 0, 1, 60, 1000000, 60 * 512 * 1000 },
		/* no delay */
		{ 5000, 5007, 0, 1, 5007 },
		{ 5000, 5007, 0, 3, 5007 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int64_t *r = rows[i];
		CU_ASSERT_EQUAL(answer_time_after(r[0], r[1], r[2], (int)r[3],
			0), r[4]);
		CU_ASSERT_EQUAL(answer_time_after(r[0], r[1], r[2], (int)r[3],
			77), r[4] + (r[2] == 0 ? 0 : 77));
	}
}

static char no[] = "no", yes[] = "yes";
static const struct listener_settings strict = { .allow_active = true,
	.allow_fxp = no };

/* What requests_bind() answers to a client from 127.0.0.1. */
static int
bind_for(const struct listener_settings *rules, const char *to, uint16_t port)
{
	struct message_client client = { 0 };
	struct address target;
	struct message reply;

	CU_ASSERT_EQUAL(address_parse(&client.peer, "127.0.0.1"), 0);
	CU_ASSERT_EQUAL(address_parse(&client.local, "127.0.0.1"), 0);
	address_set_port(&client.local, 21);
	CU_ASSERT_EQUAL(address_parse(&target, to), 0);
	address_set_port(&target, port);
	requests_bind(&client, rules, &target, &reply);
	if (reply.type == MESSAGE_active_socket)
		return reply.fds[0];
	CU_ASSERT_EQUAL(reply.type, MESSAGE_active_refused);
	return -reply.active_refused.error;
}

/* Rule R12. */
static void
test_active_refused(void)
{
	struct listener_settings off = { .allow_active = false };
	struct listener_settings loose = { .allow_active = true,
		.allow_fxp = yes, .allow_privileged_ports = true };
	int fd;

	CU_ASSERT_EQUAL(bind_for(&off, "127.0.0.1", 5000), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.2", 5000), -EPERM);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.1", 1023), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.1", 0), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&loose, "127.0.0.1", 0), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "::1", 5000), -EAFNOSUPPORT);
	CU_ASSERT((fd = bind_for(&loose, "127.0.0.2", 80)) >= 0);
	io_close(&fd);
	struct address none;
	struct message_client client = { 0 };
	struct message reply;
	address_clear(&none);
	requests_bind(&client, &strict, &none, &reply);
	CU_ASSERT_EQUAL(reply.active_refused.error, EAFNOSUPPORT);
}

/* Root's lines have no limit, so they are not for a session to cause: it logs
 * what was refused itself. */
static void
test_active_is_quiet(void)
{
	struct message_client client = { 0 };
	uint32_t before = event_count();
	struct address target;
	struct message reply;

	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.2", 5000), -EPERM);
	CU_ASSERT_EQUAL(address_parse(&client.peer, "192.0.2.77"), 0);
	CU_ASSERT_EQUAL(address_parse(&client.local, "192.0.2.78"), 0);
	target = client.peer;
	address_set_port(&target, 5000);
	requests_bind(&client, &strict, &target, &reply);
	CU_ASSERT_EQUAL(reply.active_refused.error, EADDRNOTAVAIL);
	CU_ASSERT_EQUAL(event_count(), before);
}

static uint16_t
free_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&any, size), 0);
	CU_ASSERT_EQUAL(getsockname(fd, (struct sockaddr *)&any, &size), 0);
	close(fd);
	return ntohs(any.sin_port);
}

/* Two sessions have a connection from the port at a time. */
static void
test_active_bound(void)
{
	struct listener_settings rules = { .allow_active = true,
		.allow_fxp = no };
	struct sockaddr_in name;
	socklen_t size = sizeof(name);

	rules.active_source_port = free_port();
	int one = bind_for(&rules, "127.0.0.1", 5000);
	int two = bind_for(&rules, "127.0.0.1", 5001);
	CU_ASSERT_FATAL(one >= 0 && two >= 0);
	CU_ASSERT_EQUAL(getsockname(one, (struct sockaddr *)&name, &size), 0);
	CU_ASSERT_EQUAL(ntohs(name.sin_port), rules.active_source_port);
	CU_ASSERT_EQUAL(ntohl(name.sin_addr.s_addr), INADDR_LOOPBACK);
	CU_ASSERT_EQUAL(fcntl(one, F_GETFD), FD_CLOEXEC);
	CU_ASSERT(fcntl(one, F_GETFL) & O_NONBLOCK);
	close(one);
	close(two);
}

CU_TestInfo unit_tests[] = {
	{ "the time of the answer to a failure", test_answer_time },
	{ "active connections that are refused", test_active_refused },
	{ "refusals that root does not log", test_active_is_quiet },
	{ "active connections from the source port", test_active_bound },
	CU_TEST_INFO_NULL
};
