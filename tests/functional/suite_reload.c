/*
 * suite_reload.c - new settings while sessions run.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

const char *const functional_name = "reload";

#define RELOADED "info configuration reloaded"
#define KEPT	 "error reload failed, keeping the current configuration"

/* SIGHUP, and this line in the log, which is the last one of it. */
static size_t
reload(const struct server *s, const char *expected)
{
	size_t mark = logged_mark();

	CHECK(kill(s->pid, SIGHUP) == 0);
	CHECK_LOGGED(mark, "%s", expected);
	return mark;
}

static void
test_new_settings(void)
{
	struct server s;
	struct ftp old, new;

	files_write_text(SERVER_CONFIG, "[server]\nbanner = first\n"
		"[session]\nmsg_quit = bye first\n");
	if (!SERVER(&s) || !ftp_enter(&old, "anna"))
		return;
	CHECK_NUMBER(ftp_connect(&new), 220);
	CHECK_TEXT(new.text, "220 first");
	ftp_close(&new);
	files_write_text(SERVER_CONFIG, "[server]\nbanner = second\n"
		"[session]\nmsg_quit = bye second\n"
		"[limits]\nidle_timeout = 1\n");
	(void)reload(&s, RELOADED);
	CHECK_NUMBER(ftp_connect(&new), 220);
	CHECK_TEXT(new.text, "220 second");
	CHECK_NUMBER(ftp_login(&new, "bert", "bert-pass"), 230);
	EXPECT(&new, 221, "QUIT");
	CHECK_TEXT(new.text, "221 bye second");
	ftp_close(&new);
	/* Existing sessions keep their settings. */
	CHECK(!ftp_replies_within(&old, 1500));
	EXPECT(&old, 200, "NOOP");
	EXPECT(&old, 221, "QUIT");
	CHECK_TEXT(old.text, "221 bye first");
	ftp_close(&old);
	server_stop(&s);
}

/* The settings are these, and the reason is that; nothing has changed. */
static void
check_kept(const struct server *s, const char *text, const char *reason)
{
	struct ftp c;

	if (text != NULL)
		files_write_text(SERVER_CONFIG, text);
	else
		unlink(SERVER_CONFIG);
	size_t mark = reload(s, KEPT);
	CHECK_LOGGED(mark, "error " SERVER_CONFIG ":%s", reason);
	CHECK_NUMBER(logged_times(mark, RELOADED), 0);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 first");
	ftp_close(&c);
}

static void
test_bad_settings(void)
{
	static const char *const rows[][2] = {
		{ "[server]\nbanner = new\n[limits]\nmax_clients = many\n",
			"4: max_clients must be 0 to 100000 sessions, not "
			"\"many\"" },
		{ "[server]\nbaner = new\n", "2: unknown setting \"baner\" in "
			"[server]; did you mean banner?" },
		{ "[server\n", "1: *" },
		{ "[nonsense]\nx = 1\n", "1: *nonsense*" },
		{ "banner = new\n", "1: *" },
		{ NULL, " No such file or directory" },
	};
	struct server s;

	files_write_text(SERVER_CONFIG, "[server]\nbanner = first\n");
	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_kept(&s, rows[i][0], rows[i][1]);
	server_stop(&s);
}

/* The command line takes precedence again. */
static void
test_command_line_still_holds(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, "[server]\nbanner = file\n");
	if (!SERVER(&s, "server.banner=line"))
		return;
	files_write_text(SERVER_CONFIG, "[server]\nbanner = file two\n"
		"[session]\nmsg_login = hello\n");
	(void)reload(&s, RELOADED);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 line");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_TEXT(c.text, "230 hello");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_other_port(void)
{
	struct server s;
	struct ftp old, c;

	files_write_text(SERVER_CONFIG, "[listener]\nport = 21\n");
	if (!SERVER(&s) || !ftp_enter(&old, "anna"))
		return;
	files_write_text(SERVER_CONFIG, "[listener]\nport = 2121\n");
	(void)reload(&s, RELOADED);
	CHECK(ftp_connect(&c) < 0);
	ftp_close(&c);
	int fd = network_connect(FTP_HOST, 2121, NULL);
	CHECK(fd >= 0 && network_readable(fd, 5000));
	close(fd);
	/* A session on the closed listener continues, including transfers. */
	CHECK_NUMBER(ftp_put(&old, "x", 1, "STOR f"), 226);
	ftp_close(&old);
	/* A port in use by another program: nothing changes. */
	uint16_t port = 2222;
	int taken = network_listen("0.0.0.0", &port);
	files_write_text(SERVER_CONFIG, "[listener]\nport = 2222\n");
	size_t mark = reload(&s, KEPT);
	CHECK_LOGGED(mark, "error cannot listen on port 2222: Address already "
		"in use");
	fd = network_connect(FTP_HOST, 2121, NULL);
	CHECK(fd >= 0 && network_readable(fd, 5000));
	close(fd);
	close(taken);
	server_stop(&s);
}

static void
test_listeners(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG,
		"[listener]\naddress = 127.0.0.1\nport = 21\n"
		"[listener six]\naddress = ::1\nport = 21\n"
		"allow_passive = no\n");
	if (!SERVER(&s))
		return;
	ftp_enter_to(&c, "127.0.0.1", NULL, "anna");
	EXPECT(&c, 227, "PASV");
	ftp_close(&c);
	ftp_enter_to(&c, "::1", NULL, "anna");
	EXPECT(&c, 502, "EPSV");
	ftp_close(&c);
	CHECK(ftp_connect_to(&c, "127.0.0.2", NULL) < 0);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_many_reloads(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	for (int i = 0; i < 30; i++) {
		struct ftp other;
		CHECK(kill(s.pid, SIGHUP) == 0);
		ftp_data_send(&c, "x", 1);
		if (i % 5 == 0) {
			ftp_enter(&other, "bert");
			ftp_close(&other);
		}
	}
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_NUMBER(files_size("/home/anna/f"), 30);
	ftp_close(&c);
	/* No recorder or idle worker with old settings is left. */
	CHECK(procs_wait_for_count(PROCS_RECORDER, 1, 5000));
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 5000));
	server_stop(&s);
}

/* Leave the master one descriptor: enough to open a file or to accept a
 * client, too few for a socket pair.  The limit there was. */
static struct rlimit
leave_one_descriptor(const struct server *s)
{
	struct rlimit before = { 0 }, tight;
	char text[64];
	int fd = 0;

	CHECK(prlimit(s->pid, RLIMIT_NOFILE, NULL, &before) == 0);
	while (*procs_descriptor(s->pid, fd, text, sizeof(text)) != '\0')
		fd++;
	tight = before;
	tight.rlim_cur = (rlim_t)fd + 1;
	CHECK(prlimit(s->pid, RLIMIT_NOFILE, &tight, NULL) == 0);
	return before;
}

static void
set_limit(const struct server *s, const struct rlimit *limit)
{
	CHECK(prlimit(s->pid, RLIMIT_NOFILE, limit, NULL) == 0);
}

/* A client at port 2121 has to wait, because no worker can be forked; then
 * these settings are loaded.  Its socket. */
static int
wait_over_reload(struct server *s, const char *text)
{
	files_write_text(SERVER_CONFIG, "[listener]\nport = 21\n"
		"[listener b]\nport = 2121\n");
	if (!SERVER(s, "server.min_spare_workers=0"))
		return -1;
	struct rlimit before = leave_one_descriptor(s);
	int fd = network_connect(FTP_HOST, 2121, NULL);
	CHECK_LOGGED(0, "error cannot fork a worker: Too many open files");
	/* It sees the signal before it tries again. */
	CHECK(kill(s->pid, SIGSTOP) == 0);
	set_limit(s, &before);
	files_write_text(SERVER_CONFIG, text);
	CHECK(kill(s->pid, SIGHUP) == 0);
	CHECK(kill(s->pid, SIGCONT) == 0);
	CHECK_LOGGED(0, RELOADED);
	return fd;
}

static void
test_waiting_client(void)
{
	struct server s;
	char line[64] = "";

	int fd = wait_over_reload(&s, "[listener b]\nport = 2121\n"
		"[server]\nbanner = second\n");
	CHECK(network_readable(fd, 5000));
	CHECK(recv(fd, line, sizeof(line) - 1, 0) > 0);
	CHECK_TEXT(line, "220 second\r\n");
	close(fd);
	server_stop(&s);
}

static void
test_waiting_client_without_listener(void)
{
	struct server s;
	struct ftp c;
	char byte;

	int fd = wait_over_reload(&s, "[listener]\nport = 21\n");
	CHECK(network_readable(fd, 5000));
	CHECK(recv(fd, &byte, 1, 0) <= 0);
	close(fd);
	CHECK_LOGGED(0, "info a waiting client was closed: its listener was "
		"removed");
	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_close(&c);
	server_stop(&s);
}

/* Without a descriptor for the second new listener the new settings are not
 * used at all. */
static void
test_all_or_nothing(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, "[server]\nbanner = first\n");
	if (!SERVER(&s))
		return;
	CHECK(procs_wait_for_count(PROCS_GREETER, 4, 5000));
	files_write_text(SERVER_CONFIG, "[server]\nbanner = second\n"
		"[listener]\nport = 21\n[listener b]\nport = 2121\n"
		"[listener c]\nport = 2122\n");
	struct rlimit before = leave_one_descriptor(&s);
	(void)reload(&s, KEPT);
	set_limit(&s, &before);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 first");
	ftp_close(&c);
	CHECK(network_connect(FTP_HOST, 2121, NULL) < 0);
	(void)reload(&s, RELOADED);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 second");
	ftp_close(&c);
	server_stop(&s);
}

/* A reload applies everything that the start does. */
static void
test_repeats_the_start(void)
{
	struct rlimit limit;
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, "[server]\nmax_workers = 50\n"
		"[limits]\nmax_clients = 50\n");
	if (!SERVER(&s) ||
	    !CHECK(prlimit(s.pid, RLIMIT_NOFILE, NULL, &limit) == 0))
		return;
	limit.rlim_cur = 200;
	set_limit(&s, &limit);
	files_write_text(SERVER_CONFIG, "[server]\nmax_workers = 900\n"
		"[auth]\npam_service = permit\n");
	(void)reload(&s, RELOADED);
	CHECK(prlimit(s.pid, RLIMIT_NOFILE, NULL, &limit) == 0);
	CHECK_SAYS(limit.rlim_cur >= 900, "%ju descriptors",
		(uintmax_t)limit.rlim_cur);
	ftp_connect(&c);
	CHECK_NUMBER(ftp_login(&c, "anna", "anything"), 230);
	ftp_close(&c);
	files_write_text(SERVER_CONFIG, "[auth]\npam_service = missing\n");
	size_t mark = reload(&s, RELOADED);
	CHECK_LOGGED(mark, "warning PAM service file /etc/pam.d/missing not "
		"found: PAM uses its service \"other\", which usually refuses "
		"all logins");
	server_stop(&s);
}

/* Accounts that are looked up once. */
static void
test_fixed_accounts(void)
{
	struct server s;

	files_write_text(SERVER_CONFIG, "[quota]\nquota_bytes = 1g\n");
	if (!SERVER(&s))
		return;
	files_write_text(SERVER_CONFIG, "[quota]\nquota_bytes = 1g\n"
		"quota_user = daemon\n[server]\ngreeter_user = daemon\n");
	size_t mark = reload(&s, RELOADED);
	CHECK_LOGGED(mark, "warning a change of greeter_user, recorder_user "
		"or keeper_user takes effect after a restart");
	CHECK_LOGGED(mark, "warning a change of quota_user takes effect after "
		"a restart");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "SIGHUP: new settings for new sessions", test_new_settings },
	{ "errors are reported with file and line, old settings stay",
		test_bad_settings },
	{ "the command line still takes precedence",
		test_command_line_still_holds },
	{ "a new port, and a port in use", test_other_port },
	{ "listeners with different settings", test_listeners },
	{ "thirty reloads during a transfer", test_many_reloads },
	{ "a client accepted before the reload gets its listener",
		test_waiting_client },
	{ "it is closed if its listener was removed",
		test_waiting_client_without_listener },
	{ "a configuration is applied completely or not at all",
		test_all_or_nothing },
	{ "a reload applies everything that the start does",
		test_repeats_the_start },
	{ "other accounts for processes that run", test_fixed_accounts },
	CU_TEST_INFO_NULL,
};
