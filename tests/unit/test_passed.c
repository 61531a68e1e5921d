/*
 * test_passed.c - sockets that the service manager passes: taken in a child,
 * because the protocol says at which descriptors they are, and chosen for
 * listeners.
 */
#include "common/base.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include "common/log/log.h"
#include "daemon/clients/listener.h"
#include "daemon/manager/passed.h"

#include <fcntl.h>

const char *const unit_name = "passed";

static struct address
parsed(const char *text)
{
	struct address a;

	address_clear(&a);
	if (*text != '\0')
		CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	return a;
}

static void
number_in_environment(const char *name, int number)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", number);
	setenv(name, text, 1);
}

/* 3: a listening socket, 4: a pipe, 5: a listening socket, 6: not passed. */
static void
lay_out(void)
{
	struct address here = parsed("127.0.0.1"), all = parsed("");
	int fds[2];

	close_range(3, ~0U, 0);
	if (listener_open(&here, 0) != 3 || pipe(fds) < 0 || fds[0] != 4 ||
	    listener_open(&all, 0) != 6 || dup2(6, 5) < 0)
		_exit(100);
	number_in_environment("LISTEN_PID", getpid());
	number_in_environment("LISTEN_FDS", 3);
	setenv("LISTEN_FDNAMES", "outside:pipe:" PASSED_STORED, 1);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
take_them(void)
{
	struct passed p;

	lay_out();
	passed_take(&p, 3);
	CHILD_CHECK(p.count == 2 && !is_open(3) && is_open(5));
	/* The first had the reserved number and got the next free one. */
	CHILD_CHECK(p.list[0].fd == 7 && !is_open(4) && !is_open(6));
	CHILD_CHECK(strcmp(p.list[0].name, "outside") == 0);
	CHILD_CHECK(!p.list[0].stored && p.list[0].port != 0);
	CHILD_CHECK(address_is_set(&p.list[0].address));
	CHILD_CHECK(p.list[1].fd == 5 && p.list[1].stored);
	CHILD_CHECK(!address_is_set(&p.list[1].address));
	for (size_t i = 0; i < p.count; i++)
		CHILD_CHECK(fcntl(p.list[i].fd, F_GETFD) == FD_CLOEXEC &&
		    (fcntl(p.list[i].fd, F_GETFL) & O_NONBLOCK) != 0);
	passed_close(&p);
	CHILD_CHECK(!is_open(5) && !is_open(7));
}

static void
leave_them(void)
{
	struct passed p;

	lay_out();
	number_in_environment("LISTEN_PID", getpid() + 1);
	passed_take(&p, 3);
	CHILD_CHECK(p.count == 0 && !is_open(3) && !is_open(5));
}

static void
without_names(void)
{
	struct passed p;

	lay_out();
	unsetenv("LISTEN_FDNAMES");
	passed_take(&p, 3);
	CHILD_CHECK(p.count == 2 && *p.list[0].name == '\0');
	CHILD_CHECK(!p.list[1].stored);
}

static void
taking(void)
{
	log_set_level(LOG_LEVEL_ERROR);
	CU_ASSERT_EQUAL(child_run(take_them), 0);
	CU_ASSERT_EQUAL(child_run(leave_them), 0);
	CU_ASSERT_EQUAL(child_run(without_names), 0);
}

static struct passed_socket
at(const char *name, const char *address, uint16_t port)
{
	struct passed_socket s = { .address = parsed(address), .port = port };

	snprintf(s.name, sizeof(s.name), "%s", name);
	return s;
}

/* [listener] on all addresses, [listener inside] on one. */
static void
choosing(void)
{
	static char no_name[] = "", inside[] = "inside";
	struct settings settings = {
		.listener_count = 2,
		.listeners = {
			{ .name = no_name, .port = 21 },
			{ .name = inside, .port = 21 },
		},
	};
	const struct {
		struct passed_socket socket;
		bool first, second;
	} cases[] = {
		{ at("inside", "", 2121), false, true },
		{ at("inside", "", 21), false, true },
		{ at("sureftpd.socket", "", 21), true, false },
		{ at("sureftpd.socket", "127.0.0.1", 21), false, true },
		{ at("sureftpd.socket", "", 2121), true, false },
		{ at("", "::1", 21), true, false },
	};

	settings.listeners[0].address = parsed("");
	settings.listeners[1].address = parsed("127.0.0.1");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CU_ASSERT_EQUAL(passed_belongs(&cases[i].socket, &settings, 0),
			cases[i].first);
		CU_ASSERT_EQUAL(passed_belongs(&cases[i].socket, &settings, 1),
			cases[i].second);
	}
	struct passed_socket stored = at(PASSED_STORED, "", 2121);
	stored.stored = true;
	CU_ASSERT_FALSE(passed_belongs(&stored, &settings, 0));
}

CU_TestInfo unit_tests[] = {
	{ "listening sockets are taken, other descriptors closed", taking },
	{ "name, then address, then the listener without a name", choosing },
	CU_TEST_INFO_NULL,
};
