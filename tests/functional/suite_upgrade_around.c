/*
 * suite_upgrade_around.c - what is around a server that is upgraded: a service
 * manager, a pid file, administrators, clients that keep coming, recorder and
 * settings.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/process/channel.h"
#include "common/process/sandbox.h"
#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/launch.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

const char *const functional_name = "upgrade_around";

#define UPGRADED "info restarted in place, version *"
#define PID_FILE "/run/world/sureftpd.pid"

static struct ctl_result r;

/* By a signal, and it is done. */
static void
upgrade(pid_t pid)
{
	size_t mark = logged_mark();

	CHECK(kill(pid, SIGUSR2) == 0);
	CHECK_LOGGED(mark, UPGRADED);
}

/* Sockets of a unit, of the server's own, and the watchdog. */
static void
test_manager(void)
{
	uint16_t port = 0;
	const struct launch start = {
		.options = { "listener.inside.port=2002",
			"listener.own.port=2003" },
		.passed = { network_listen("127.0.0.1", &port) },
		.names = "inside", .watchdog = "400000",
	};
	int manager = launch_manager();
	pid_t pid = launch(&start);

	if (!CHECK(pid > 0) || !launch_awaits(manager, "READY=1", NULL))
		return;
	for (int i = 0; i < 2; i++) {
		CHECK(kill(pid, SIGUSR2) == 0);
		CHECK(launch_awaits(manager, "RELOADING=1\nMONOTONIC_USEC=",
			NULL));
		CHECK(launch_awaits(manager, "READY=1", NULL));
		launch_check_greeted(port);
		launch_check_greeted(2003);
		CHECK_NUMBER(network_connect("127.0.0.1", 2002, NULL), -1);
		CHECK_NUMBER(procs_listening(pid), 3);
		CHECK(launch_awaits(manager, "WATCHDOG=1", NULL));
	}
	launch_end(pid);
	/* The manager's copy still listens. */
	int fd = network_connect("127.0.0.1", port, NULL);
	CHECK(fd >= 0);
	close(fd);
	close(manager);
	close(start.passed[0]);
}

static void
test_pid_file(void)
{
	const struct launch start = {
		.options = { "--background", "--pid-file=" PID_FILE } };
	char before[32] = "", after[32] = "";
	int64_t master = 0;

	CHECK_NUMBER(launch_status(&start), 0);
	CHECK(procs_settle());
	CHECK(files_read(PID_FILE, before, sizeof(before)) > 0);
	CHECK(text_number(before, strcspn(before, "\n"), &master) == 0);
	upgrade((pid_t)master);
	CHECK(files_read(PID_FILE, after, sizeof(after)) > 0);
	CHECK_TEXT(after, before);
	launch_check_greeted(21);
	kill((pid_t)master, SIGTERM);
	CHECK(procs_wait_for_count(NULL, 0, 5000));
	CHECK(!files_exist(PID_FILE));
}

/* What an administrator has ordered, and how long the server runs. */
static void
test_orders_stay(void)
{
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CTL(&r, "drain");
	CHECK_NUMBER(r.status, 0);
	CTL(&r, "set", "download_rate", "12345", "--all");
	CHECK_NUMBER(r.status, 0);
	upgrade(s.pid);
	CHECK_NUMBER(ftp_connect(&other), 421);
	ftp_close(&other);
	CTL(&r, "who", "--json");
	CHECK_HAS(r.out, "12345");
	CTL(&r, "resume");
	CHECK_NUMBER(r.status, 0);
	CHECK(ftp_enter(&other, "bert"));
	ftp_close(&other);
	CTL(&r, "kick", "--all");
	CHECK(ftp_replies_within(&c, 5000));
	ftp_close(&c);
	server_stop(&s);
}

static bool
is_accepted(void *context)
{
	const struct server *s = context;

	return procs_local(s->pid, CTL_SOCKET) == 2;	/* one listens */
}

/* An administrator that is connected, but has not asked yet. */
static void
test_late_question(void)
{
	struct message m;
	struct channel c;
	struct server s;

	if (!SERVER(&s))
		return;
	channel_open(&c, ctl_connect(CTL_SOCKET), PARTY_CONTROL, PARTY_MASTER,
		&channel_any_phase);
	CHECK(wait_until(is_accepted, &s, 2000));
	upgrade(s.pid);
	message_begin(&m, MESSAGE_ask_scoreboard);
	CHECK_NUMBER(channel_send(&c, &m), 0);
	CHECK_NUMBER(channel_recv(&c, &m), 1);
	CHECK_NUMBER(m.type, MESSAGE_scoreboard);
	close(m.fds[0]);
	channel_close(&c);
	server_stop(&s);
}

/* New settings come with the new program. */
static void
test_new_settings(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, "[server]\nbanner = first\n"
		"[listener]\nport = 21\n");
	if (!SERVER(&s))
		return;
	files_write_text(SERVER_CONFIG, "[server]\nbanner = second\n"
		"[listener]\nport = 21\n[listener other]\nport = 2121\n");
	upgrade(s.pid);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 second");
	ftp_close(&c);
	launch_check_greeted(2121);
	files_write_text(SERVER_CONFIG, "[listener]\nport = 2121\n");
	upgrade(s.pid);
	CHECK_NUMBER(network_connect("127.0.0.1", 21, NULL), -1);
	launch_check_greeted(2121);
	server_stop(&s);
}

/* Passive data connections that were prepared before; and the master dies
 * with its sessions afterwards as it does otherwise. */
static void
test_prepared_port(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "listener.passive_ports=20000-20001") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "text", 4, "STOR f"), 226);
	EXPECT(&c, 229, "EPSV");
	uint16_t port = ftp_port(&c);
	upgrade(s.pid);
	CHECK(ftp_send_text(&c, "RETR f\r\n"));
	int fd = network_connect(FTP_HOST, port, NULL);
	char text[8] = "";
	EXPECT_REPLY(&c, 150);
	CHECK_NUMBER(recv(fd, text, sizeof(text) - 1, MSG_WAITALL), 4);
	CHECK_TEXT(text, "text");
	close(fd);
	EXPECT_REPLY(&c, 226);
	ftp_close(&c);
	server_stop(&s);
}

static void NORETURN
keep_coming(int64_t deadline)
{
	int failed = 0, well = 0;

	while (!clock_passed(deadline)) {
		if (ftp_try_login("anna", "anna-pass") == 230)
			well++;
		else
			failed++;
	}
	_exit(failed > 0 || well == 0);
}

/* Workers that have ended are counted until the master has reaped them. */
static bool
one_session_counts(void *context UNUSED)
{
	CTL(&r, "status", "--json");
	return strstr(r.out, "\"sessions\":1,") != NULL;
}

/* No client is refused, and no session is lost or counted twice. */
static void
test_clients_keep_coming(void)
{
	struct server s;
	struct ftp c;
	pid_t clients[3];

	if (!SERVER(&s) || !ftp_enter(&c, "bert"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
		clients[i] = fork();
		if (clients[i] == 0)
			keep_coming(clock_after(3));
	}
	for (int i = 0; i < 6; i++)
		upgrade(s.pid);
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
		int status = -1;

		CHECK(waitpid(clients[i], &status, 0) == clients[i]);
		CHECK_NUMBER(status, 0);
	}
	CHECK(procs_wait_for_count(PROCS_SESSION, 1, 5000));
	CHECK(procs_wait_for_count(PROCS_RECORDER, 1, 5000));
	EXPECT(&c, 200, "NOOP");
	CHECK_SAYS(wait_until(one_session_counts, NULL, 5000), "%s", r.out);
	ftp_close(&c);
	server_stop(&s);
}

/*
 * Where the program lies in the master's memory: the first mapping of a file
 * (what the sanitizers map below it lies at the same place each time).
 */
static void
read_layout(pid_t pid, char *line, size_t size)
{
	bool found = false;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	FILE *f = fopen(path, "re");
	CHECK(f != NULL);
	if (f == NULL)
		return;
	while (!found && fgets(line, (int)size, f) != NULL)
		found = strchr(line, '/') != NULL;
	CHECK(found);
	fclose(f);
}

static void
crash(const char *account)
{
	struct ftp c;

	CHECK(ftp_enter(&c, account));
	/* Not SIGSEGV, which the sanitizers catch. */
	CHECK(kill(procs_serving(PROCS_SESSION), SIGABRT) == 0);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
}

static void
test_crash(void)
{
	char before[512] = "", after[512] = "";
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	read_layout(s.pid, before, sizeof(before));
	crash("anna");
	CHECK_LOGGED(0, "info restarting in place after a crash");
	CHECK_LOGGED(0, UPGRADED);
	read_layout(s.pid, after, sizeof(after));
	CHECK(strcmp(before, after) != 0);
	/* Not again within a minute, but by order. */
	crash("anna");
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	CHECK(ftp_enter(&c, "bert"));
	CHECK_NUMBER(logged_times(0, UPGRADED), 1);
	upgrade(s.pid);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_crash_without(void)
{
	struct server s;

	if (!SERVER(&s, "server.renew_after_crash=no"))
		return;
	crash("anna");
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	CHECK_LOGGED(0, "*crash*");
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	CHECK_NUMBER(logged_times(0, UPGRADED), 0);
	server_stop(&s);
}

/* More complaints than one read(2) returns; the last one is logged. */
static void
test_many_mistakes(void)
{
	BUFFER(text, 16384);
	struct server s;

	buffer_add_text(&text, "[limits]\n");
	for (int i = 0; i < 200; i++)
		buffer_addf(&text, "no_such_setting_%d = x\n", i);
	buffer_add_text(&text, "max_clients = many\n");
	if (!SERVER(&s) || !CHECK(files_write_text(SERVER_CONFIG,
	    buffer_text(&text))))
		return;
	CTL(&r, "upgrade");
	CHECK_NUMBER(r.status, 78);
	CHECK_LOGGED(0, "error cannot upgrade to *: *max_clients must be *");
	server_stop(&s);
}

/* Without /proc a server cannot start, so the running one goes on. */
static void
test_no_proc(void)
{
	struct server s;
	struct ftp c;

#ifdef SANDBOX_SANITIZED
	printf("built with a sanitizer, which needs /proc: not tested\n");
	return;
#endif
	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !CHECK(procs_settle()) ||
	    !CHECK(world_mount("/proc", "mode=755")))
		return;
	CTL(&r, "upgrade");
	CHECK(umount("/proc") == 0);
	CHECK(r.status != 0);
	CHECK_LOGGED(0, "error cannot upgrade to *: *is /proc mounted*");
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	upgrade(s.pid);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a service manager", test_manager },
	{ "in the background", test_pid_file },
	{ "orders of an administrator stay", test_orders_stay },
	{ "a question that comes after it", test_late_question },
	{ "new settings", test_new_settings },
	{ "a prepared data connection", test_prepared_port },
	{ "clients that keep coming", test_clients_keep_coming },
	{ "after a crash", test_crash },
	{ "not after a crash", test_crash_without },
	{ "many errors in the settings", test_many_mistakes },
	{ "without /proc", test_no_proc },
	CU_TEST_INFO_NULL,
};
