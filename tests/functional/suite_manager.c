/*
 * suite_manager.c - a service manager that passes and stores sockets, and
 * watches the server, played by the suite.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/launch.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/socket.h>

const char *const functional_name = "manager";

/* Rule R26. */
static void
check_no_worker_listens(void)
{
	struct proc workers[32];

	CHECK(procs_settle());
	size_t count = procs_list(PROCS_GREETER, workers, ARRAY_SIZE(workers));
	CHECK(count >= 2 && count <= ARRAY_SIZE(workers));
	for (size_t i = 0; i < count; i++)
		CHECK_NUMBER(procs_listening(workers[i].pid), 0);
}

static void
test_socket_units(void)
{
	uint16_t first = 0, second = 0;
	const struct launch start = {
		.options = { "listener.port=2001", "listener.inside.port=2002",
			"listener.own.port=2003" },
		.passed = { network_listen("127.0.0.1", &first),
			network_listen("127.0.0.1", &second) },
		.names = "sureftpd.socket:inside",
	};
	int manager = launch_manager();
	pid_t pid = launch(&start);

	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL))
		return;
	launch_check_greeted(first);
	launch_check_greeted(second);
	launch_check_greeted(2003);
	CHECK_NUMBER(network_connect("127.0.0.1", 2001, NULL), -1);
	CHECK_NUMBER(network_connect("127.0.0.1", 2002, NULL), -1);
	CHECK_NUMBER(procs_listening(pid), 4);	/* and the control socket */
	check_no_worker_listens();
	/* A reload keeps them. */
	files_append_text(SERVER_CONFIG, "[server]\nbanner = new\n");
	kill(pid, SIGHUP);
	CHECK(launch_awaits(manager, "RELOADING=1", NULL));
	CHECK(launch_awaits(manager, "READY=1", NULL));
	launch_check_greeted(first);
	launch_check_greeted(second);
	launch_end(pid);
	/* The manager's copies still listen. */
	int fd = network_connect("127.0.0.1", first, NULL);
	CHECK(fd >= 0);
	close(fd);
	close(manager);
	close(start.passed[0]);
	close(start.passed[1]);
}

static void
test_unused_socket(void)
{
	uint16_t port = 0;
	const struct launch start = {
		.options = { "listener.only.port=21" },
		.passed = { network_listen("127.0.0.1", &port) },
		.names = "other",
	};
	int manager = launch_manager();
	pid_t pid = launch(&start);

	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL))
		return;
	CHECK_LOGGED(0, "sureftpd: warning: the socket unit's 127.0.0.1:* is "
		"not used: no [listener] has this address and port, or the "
		"name \"other\"");
	launch_check_greeted(21);
	launch_end(pid);
	close(manager);
	close(start.passed[0]);
}

/* A client that comes while the server is restarted is served after it. */
static void
test_stored_socket(void)
{
	struct launch start = { .options = { NULL }, .passed = { 0 } };
	int manager = launch_manager(), stored = -1;
	pid_t pid = launch(&start);
	char text[16] = "";

	if (!CHECK(pid > 0) || !launch_awaits(manager,
	    "FDSTORE=1\nFDNAME=listening socket", &stored) ||
	    !CHECK(stored > 0))
		return;
	CHECK(launch_awaits(manager, "READY=1", NULL));
	launch_end(pid);
	CHECK(launch_awaits(manager, "STOPPING=1\n"
		"EXTEND_TIMEOUT_USEC=45000000", NULL));
	int client = network_connect("127.0.0.1", 21, NULL);
	CHECK(client >= 0);
	CHECK(!network_readable(client, 100));
	start.passed[0] = stored;
	start.names = "listening socket";
	pid = launch(&start);
	CHECK(launch_awaits(manager, "READY=1", NULL));
	CHECK(network_readable(client, 5000));
	CHECK(recv(client, text, 4, 0) == 4);
	CHECK_TEXT(text, "220 ");
	close(client);
	/* A listener that is removed is closed, and so is the copy. */
	files_append_text(SERVER_CONFIG, "[listener]\nport = 2121\n");
	kill(pid, SIGHUP);
	CHECK(launch_awaits(manager, "FDSTORE=1", NULL));
	CHECK(launch_awaits(manager, "READY=1", NULL));
	launch_check_greeted(2121);
	CHECK_NUMBER(network_connect("127.0.0.1", 21, NULL), -1);
	launch_end(pid);
	close(stored);
	close(manager);
}

static void
test_watchdog(void)
{
	const struct launch start = { .watchdog = "400000" };
	int manager = launch_manager();
	pid_t pid = launch(&start);

	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL))
		return;
	int64_t before = clock_ms();
	for (int i = 0; i < 5; i++)
		CHECK(launch_awaits(manager, "WATCHDOG=1", NULL));
	CHECK_SAYS(clock_ms() - before >= 700 && clock_ms() - before < 4000,
		"five took %lld ms", (long long)(clock_ms() - before));
	launch_end(pid);
	close(manager);
}

CU_TestInfo functional_tests[] = {
	{ "sockets of socket units are used by their listeners",
		test_socket_units },
	{ "a socket without a listener is logged", test_unused_socket },
	{ "no client is refused during a restart", test_stored_socket },
	{ "watchdog messages are sent in time", test_watchdog },
	CU_TEST_INFO_NULL,
};
