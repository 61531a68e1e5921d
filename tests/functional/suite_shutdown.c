/*
 * suite_shutdown.c - start and shutdown of the server (S60).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

const char *const functional_name = "shutdown";

static void
ask_to_stop(const struct server *s)
{
	CHECK(kill(s->pid, SIGTERM) == 0);
}

static void
test_idle_sessions(void)
{
	struct server s;
	struct ftp c, unknown;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_connect(&unknown), 220);
	int64_t before = clock_ms();
	ask_to_stop(&s);
	EXPECT_REPLY(&c, 421);
	CHECK_HAS(c.text, "shutting down");
	CHECK(ftp_is_closed(&c));
	EXPECT_REPLY(&unknown, 421);
	server_stop(&s);
	CHECK_SAYS(clock_ms() - before < 3000, "it took %lld ms",
		(long long)(clock_ms() - before));
	CHECK_LOGGED(0, "info shutting down, 2 sessions");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: stopped after * s");
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 session ended: stopped "
		"after * s");
	CHECK_LOGGED(0, "info shut down");
	ftp_close(&c);
	ftp_close(&unknown);
}

/* Commands that are waiting for max_command_rate are not carried out. */
static void
test_waiting_commands(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_command_rate=2") || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 300; i++)
		ftp_send_text(&c, "NOOP\r\n");
	EXPECT_REPLY(&c, 200);
	int64_t before = clock_ms();
	ask_to_stop(&s);
	while (ftp_reply(&c) == 200)
		;
	EXPECT_WAS(&c, 421);
	CHECK_HAS(c.text, "shutting down");
	server_stop(&s);
	CHECK_SAYS(clock_ms() - before < 3000, "it took %lld ms",
		(long long)(clock_ms() - before));
	ftp_close(&c);
}

/* Send commands, and read the replies, as long as there is a connection. */
static void NORETURN
flood(int fd)
{
	struct pollfd both = { .fd = fd, .events = POLLIN | POLLOUT };
	char commands[600], replies[65536];
	ssize_t n = 0;

	for (size_t i = 0; i < sizeof(commands); i++)
		commands[i] = "NOOP\r\n"[i % 6];
	for (size_t at = 0; n >= 0 || errno == EAGAIN;
	     at += n > 0 ? (size_t)n : 0) {
		poll(&both, 1, -1);
		while (recv(fd, replies, sizeof(replies), MSG_DONTWAIT) > 0)
			;
		at %= sizeof(commands);
		n = send(fd, commands + at, sizeof(commands) - at,
			MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	_exit(0);
}

static void
test_flood_of_commands(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "NOOP");
	pid_t session = procs_serving(PROCS_SESSION);
	pid_t pid = fork();
	if (pid == 0)
		flood(c.fd);
	ftp_close(&c);
	int64_t ticks = procs_ticks(session);
	while (procs_ticks(session) - ticks < 5)
		if (!CHECK(pid > 0 && session > 1 && kill(session, 0) == 0))
			return;
	int64_t before = clock_ms();
	ask_to_stop(&s);
	server_stop(&s);
	CHECK_SAYS(clock_ms() - before < 5000, "it took %lld ms",
		(long long)(clock_ms() - before));
	CHECK(server_wait(pid, 5000, NULL));
}

static void
test_transfer_may_finish(void)
{
	struct server s;
	struct ftp c, late;

	if (!SERVER(&s, "server.shutdown_grace=20") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "first ", 6);
	ask_to_stop(&s);
	/* New clients are refused. */
	CHECK_LOGGED(0, "info shutting down, 1 sessions");
	CHECK_NUMBER(ftp_connect(&late), -1);
	ftp_close(&late);
	CHECK(procs_list(PROCS_SESSION, NULL, 0) == 1);
	ftp_data_send(&c, "second", 6);
	CHECK_NUMBER(ftp_finish(&c), 226);
	EXPECT_REPLY(&c, 421);
	int64_t before = clock_ms();
	server_stop(&s);
	CHECK(clock_ms() - before < 3000);
	CHECK(files_same("/home/anna/f", "first second", 12));
	ftp_close(&c);
}

static void
test_transfer_is_cut(void)
{
	struct server s;
	struct ftp c;
	int status = -1;

	if (!SERVER(&s, "server.shutdown_grace=1") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "first", 5);
	int64_t before = clock_ms();
	ask_to_stop(&s);
	EXPECT_REPLY(&c, 421);
	CHECK(clock_ms() - before >= 900);
	CHECK(server_wait(s.pid, 5000, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK_SAYS(clock_ms() - before < 5000, "it took %lld ms",
		(long long)(clock_ms() - before));
	CHECK(procs_wait_for_count(NULL, 0, 2000));
	CHECK(files_same("/home/anna/f", "first", 5));
	ftp_close(&c);
}

/* The server waits for the upload's end. */
static bool
stop_during_upload(struct server *s, struct ftp *c)
{
	if (!SERVER(s, "server.shutdown_grace=600") || !ftp_enter(c, "anna"))
		return false;
	CHECK_NUMBER(ftp_start(c, "STOR f"), 150);
	ask_to_stop(s);
	CHECK_LOGGED(0, "info shutting down, 1 sessions");
	return true;
}

static void
test_second_signal(void)
{
	struct server s;
	struct ftp c;
	int status = -1;

	if (!stop_during_upload(&s, &c))
		return;
	CHECK(!server_wait(s.pid, 300, NULL));
	ask_to_stop(&s);
	CHECK(server_wait(s.pid, 5000, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(procs_wait_for_count(NULL, 0, 2000));
	ftp_close(&c);
}

/* A stopped process cannot answer, but does not block the shutdown. */
static void
test_stuck_session(void)
{
	struct server s;
	struct ftp c;
	int status = -1;

	if (!SERVER(&s, "server.shutdown_grace=0") || !ftp_enter(&c, "anna"))
		return;
	pid_t session = procs_serving(PROCS_SESSION);
	if (!CHECK(session > 1) || !CHECK(kill(session, SIGSTOP) == 0))
		return;
	ask_to_stop(&s);
	CHECK(server_wait(s.pid, 8000, &status));
	CHECK(WIFEXITED(status));
	CHECK(procs_wait_for_count(NULL, 0, 3000));
	ftp_close(&c);
}

/* Neither does a stopped monitor: the master kills it, and its session ends
 * with it. */
static void
test_stuck_monitor(void)
{
	struct server s;
	struct ftp c;
	int status = -1;

	if (!SERVER(&s, "server.shutdown_grace=0") || !ftp_enter(&c, "anna"))
		return;
	pid_t monitor = procs_serving(PROCS_MONITOR);
	if (!CHECK(monitor > 1) || !CHECK(kill(monitor, SIGSTOP) == 0))
		return;
	ask_to_stop(&s);
	CHECK(server_wait(s.pid, 8000, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(procs_wait_for_count(NULL, 0, 3000));
	CHECK_LOGGED(0, "info shut down");
	ftp_close(&c);
}

/* An administrator ends one session's monitor: the client is told. */
static void
test_one_monitor(void)
{
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	pid_t monitor = procs_serving(PROCS_MONITOR);
	if (!CHECK(monitor > 1) || !ftp_enter(&other, "bert"))
		return;
	CHECK(kill(monitor, SIGTERM) == 0);
	EXPECT_REPLY(&c, 421);
	CHECK(ftp_is_closed(&c));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: stopped after * s");
	EXPECT(&other, 200, "NOOP");
	ftp_close(&c);
	ftp_close(&other);
	server_stop(&s);
}

/* There is no use in a new memory layout. */
static void
test_crash(void)
{
	struct server s;
	struct ftp c;

	if (!stop_during_upload(&s, &c))
		return;
	/* Not SIGSEGV, which the sanitizers catch. */
	CHECK(kill(procs_serving(PROCS_SESSION), SIGABRT) == 0);
	server_stop(&s);
	CHECK_LOGGED(0, "*crash*");
	CHECK_LOGGED(0, "info shut down");
	CHECK_NUMBER(logged_times(0, "*restarting in place*"), 0);
	CHECK_NUMBER(logged_times(0, "*upgrade*"), 0);
	ftp_close(&c);
}

static int
run_to_its_end(const char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen(SERVER_ERRORS, "a", stderr) == NULL ||
		    freopen("/var/log/out", "w", stdout) == NULL)
			_exit(126);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid < 0 || !server_wait(pid, 5000, &status) ||
	    !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#define RUN(...)                                                        \
	run_to_its_end((const char *const[]){ "/run/world/sureftpd",    \
		__VA_ARGS__, NULL })

#define UNKNOWN SERVER_CONFIG ":2: unknown setting \"bannner\" in [server]; " \
	"did you mean banner?"
#define OUT_OF_RANGE SERVER_CONFIG ":5: max_clients must be 0 to 100000 " \
	"sessions, not \"-1\""

static void
test_start_refused(void)
{
	char out[1 << 17];

	files_write_text(SERVER_CONFIG, "[server]\nbannner = x\n\n"
		"[limits]\nmax_clients = -1\n");
	CHECK_NUMBER(RUN("-C", SERVER_CONFIG), 78);
	CHECK_LOGGED(0, "sureftpd: error: " UNKNOWN);
	CHECK_LOGGED(0, "sureftpd: error: " OUT_OF_RANGE);
	size_t mark = logged_mark();
	CHECK_NUMBER(RUN("--check", "-C", SERVER_CONFIG), 78);
	CHECK_LOGGED(mark, UNKNOWN);
	CHECK_LOGGED(mark, OUT_OF_RANGE);
	CHECK_NUMBER(RUN("-C", "/etc/sureftpd/missing"), 78);
	CHECK_LOGGED(mark, "sureftpd: error: /etc/sureftpd/missing: No such "
		"file or directory");
	files_write_text(SERVER_CONFIG, "[server]\nbanner = fine\n");
	CHECK_NUMBER(RUN("--check", "-C", SERVER_CONFIG), 0);
	CHECK_NUMBER(RUN("--check", "-C", SERVER_CONFIG, "-o",
		"limits.max_clients=x"), 78);
	CHECK_NUMBER(RUN("--dump", "-C", SERVER_CONFIG), 0);
	CHECK(files_read("/var/log/out", out, sizeof(out)) > 0);
	CHECK_HAS(out, "banner = fine");
	CHECK_NUMBER(RUN("--settings"), 0);
	CHECK(files_read("/var/log/out", out, sizeof(out)) > 0);
	CHECK_HAS(out, "idle_timeout");
	CHECK_NUMBER(RUN("--nonsense"), 64);
}

static void
test_port_taken(void)
{
	uint16_t port = 21;
	int fd = network_listen("0.0.0.0", &port);

	CHECK(fd >= 0);
	files_write_text(SERVER_CONFIG, "");
	int status = RUN("-C", SERVER_CONFIG);
	CHECK_SAYS(status > 0, "it ended with %d", status);
	CHECK_LOGGED(0, "sureftpd: error: cannot listen on port 21: Address "
		"already in use");
	CHECK(procs_wait_for_count(NULL, 0, 2000));
	close(fd);
}

/* A fresh start right after a stop, with the old connections still around. */
static void
test_restart(void)
{
	struct server s;
	struct ftp c;

	for (int i = 0; i < 5; i++) {
		if (!SERVER(&s))
			return;
		ftp_enter(&c, "anna");
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
		server_stop(&s);
		EXPECT_REPLY(&c, 421);
		ftp_close(&c);
	}
}

CU_TestInfo functional_tests[] = {
	{ "SIGTERM: idle sessions get 421, no process is left",
		test_idle_sessions },
	{ "commands that wait for max_command_rate", test_waiting_commands },
	{ "a client that never stops sending commands",
		test_flood_of_commands },
	{ "a transfer may finish within shutdown_grace",
		test_transfer_may_finish },
	{ "a transfer is aborted after shutdown_grace", test_transfer_is_cut },
	{ "a second signal ends shutdown_grace", test_second_signal },
	{ "a stuck session does not block the shutdown", test_stuck_session },
	{ "a stuck monitor does not either", test_stuck_monitor },
	{ "SIGTERM for one monitor ends its session", test_one_monitor },
	{ "a session crashes during the shutdown", test_crash },
	{ "errors in the settings: exit status 78", test_start_refused },
	{ "a port in use: the start fails", test_port_taken },
	{ "the server can be restarted immediately", test_restart },
	CU_TEST_INFO_NULL,
};
