/*
 * suite_kills.c - any process is killed with SIGKILL at any moment: the others
 * continue, and nothing is left over.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "kills";

static bool
kill_serving(const char *name)
{
	pid_t pid = procs_serving(name);

	return CHECK_SAYS(pid > 1, "no %s serves", name) &&
		CHECK(kill(pid, SIGKILL) == 0);
}

/* Does the server work: a client can log in and transfer a file. */
static void
check_serves(void)
{
	struct ftp c;

	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR f"), 226);
	CHECK(files_same("/home/bert/f", "fine", 4));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
}

/* The client's connection ends, with or without a reply. */
static void
check_ends(struct ftp *c)
{
	int64_t before = clock_ms();

	while (ftp_reply(c) > 0)
		CHECK_SAYS(c->code >= 400, "%s", c->text);
	CHECK_NUMBER(c->code, 0);
	CHECK(clock_ms() - before < 2500);
}

static void
test_greeter(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	if (kill_serving(PROCS_GREETER))
		check_ends(&c);
	ftp_close(&c);
	/* While a PAM call is running. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna");
	ftp_send_text(&c, "PASS wrong\r\n");
	kill_serving(PROCS_GREETER);
	check_ends(&c);
	ftp_close(&c);
	check_serves();
	server_stop(&s);
}

static void
test_session(void)
{
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	if (kill_serving(PROCS_SESSION))
		check_ends(&c);
	ftp_close(&c);
	/* A kill from outside is not counted as the client's failure. */
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: stopped after * s");
	/* In a transfer; a neighbour in a transfer notices nothing. */
	ftp_enter(&c, "anna");
	CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
	ftp_data_send(&c, "123", 3);
	if (!kill_serving(PROCS_SESSION))
		return;
	check_ends(&c);
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
	ftp_enter(&other, "bert");
	CHECK_NUMBER(ftp_start(&other, "STOR long"), 150);
	pid_t busy = procs_serving(PROCS_SESSION);
	ftp_enter(&c, "anna");
	struct proc list[4];
	size_t n = procs_list(PROCS_SESSION, list, 4);
	CHECK_NUMBER(n, 2);
	for (size_t i = 0; i < n && i < 4; i++) {
		if (list[i].pid != busy)
			kill(list[i].pid, SIGKILL);
	}
	check_ends(&c);
	ftp_data_send(&other, "all of it", 9);
	CHECK_NUMBER(ftp_finish(&other), 226);
	CHECK(files_same("/home/bert/long", "all of it", 9));
	ftp_close(&c);
	ftp_close(&other);
	server_stop(&s);
}

static void
test_monitor(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.level=debug"))
		return;
	for (int login = 0; login < 3; login++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		if (login > 0)
			CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
		if (login > 1) {
			CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
			ftp_data_send(&c, "123", 3);
			CHECK(files_wait_for_size("/home/anna/up", 3));
		}
		if (kill_serving(PROCS_MONITOR))
			check_ends(&c);
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
		CHECK(procs_wait_for_count(PROCS_GREETER, 2, 2000));
		check_serves();
	}
	/* The master logs what the monitor could not. */
	CHECK_NUMBER(logged_times(0, "debug session=* peer=127.0.0.1 user=anna "
		"logout: stopped after * s, sent 0 bytes, received * bytes"),
		2);
	CHECK_LOGGED(0, "debug session=* peer=127.0.0.1 user=anna "
		"logout: stopped after * s, sent 0 bytes, received 3 bytes");
	server_stop(&s);
}

/* Each of these has exited, and its parent has reacted: the master logs the
 * exit of a monitor, a monitor forks another greeter. */
static void
check_noticed(size_t mark, const char *name, const struct proc *dead, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		CHECK(server_wait(dead[i].pid, 2000, NULL));
		if (strcmp(name, PROCS_MONITOR) == 0)
			CHECK_LOGGED(mark, "error idle worker %d was killed by "
				"signal 9", dead[i].pid);
		else
			CHECK(procs_wait_for_count(PROCS_GREETER, n, 5000));
	}
}

/* Spares die too; clients get others. */
static void
test_spares(void)
{
	static const char *const names[] = { PROCS_GREETER, PROCS_MONITOR };
	struct server s;
	struct proc list[2];

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK(procs_wait_for_count(names[i], 2, 2000));
		CHECK_NUMBER(procs_list(names[i], list, 2), 2);
		size_t mark = logged_mark();
		for (size_t k = 0; k < 2; k++)
			CHECK(kill(list[k].pid, SIGKILL) == 0);
		check_noticed(mark, names[i], list, 2);
		check_serves();
		CHECK(procs_wait_for_count(names[i], 2, 5000));
	}
	server_stop(&s);
}

static void
test_recorder(void)
{
	struct server s;
	struct ftp c;
	struct proc p = { 0 };

	if (!SERVER(&s, "log.vsftpd_file=/var/log/vsftpd.log") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(procs_list(PROCS_RECORDER, &p, 1), 1);
	size_t mark = logged_mark();
	CHECK(kill(p.pid, SIGKILL) == 0);
	/* Sessions are not affected, and events sent meanwhile are not lost. */
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR while-gone"), 226);
	EXPECT(&c, 257, "MKD made");
	check_serves();
	CHECK(procs_wait_for_count(PROCS_RECORDER, 1, 5000));
	CHECK_LOGGED(mark, "error recorder was killed by signal 9, restarting "
		"it");
	CHECK(files_wait_for_text("/var/log/vsftpd.log",
		"[anna] OK UPLOAD: Client \"127.0.0.1\", "
		"\"/home/anna/while-gone\", 1 bytes, "));
	CHECK(files_wait_for_text("/var/log/vsftpd.log",
		"[anna] OK MKDIR: Client \"127.0.0.1\", "
		"\"/home/anna/made\"\n"));
	EXPECT(&c, 250, "RMD made");
	CHECK(files_wait_for_text("/var/log/vsftpd.log",
		"[anna] OK RMDIR: Client \"127.0.0.1\", "
		"\"/home/anna/made\"\n"));
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna removed "
		"directory \"/home/anna/made\"");
	ftp_close(&c);
	server_stop(&s);
}

/* All processes exit within two seconds, in any state. */
static void
test_master(void)
{
	struct server s;
	struct ftp c[3];

	for (int round = 0; round < 3; round++) {
		if (!SERVER(&s))
			return;
		CHECK_NUMBER(ftp_connect(&c[0]), 220);
		ftp_enter(&c[1], "anna");
		ftp_enter(&c[2], "bert");
		CHECK_NUMBER(ftp_start(&c[2], "STOR up"), 150);
		ftp_data_send(&c[2], "1", 1);
		if (round == 1)
			ftp_send_text(&c[0], "USER anna\r\nPASS wrong\r\n");
		if (round == 2)
			ftp_send_text(&c[0], "USER anna\r\nPASS anna-pass\r\n");
		int64_t before = clock_ms();
		CHECK(kill(s.pid, SIGKILL) == 0);
		CHECK(server_wait(s.pid, 2000, NULL));
		CHECK_SAYS(procs_wait_for_count(NULL, 0, 2500),
			"%zu processes are left", procs_list(NULL, NULL, 0));
		CHECK_SAYS(clock_ms() - before < 2500, "it took %lld ms",
			(long long)(clock_ms() - before));
		for (int i = 0; i < 3; i++) {
			while (ftp_reply(&c[i]) > 0)
				;
			CHECK_NUMBER(c[i].code, 0);
			ftp_close(&c[i]);
		}
		/* The port is free for the next one. */
		if (SERVER(&s))
			check_serves();
		server_stop(&s);
	}
}

/* Any process but the master, at any moment of a client's first steps. */
static void
kill_one(const struct server *s, unsigned seed)
{
	struct proc list[64];

	/* The kills must happen between events, so the test sleeps. */
	wait_for_time((int64_t)(seed >> 16) % 15);
	size_t n = procs_list(NULL, list, 64);
	n = n < 64 ? n : 64;
	pid_t victim = n > 0 ? list[(seed >> 8) % n].pid : s->pid;
	if (victim != s->pid)
		kill(victim, SIGKILL);
}

/* A client may still get a worker whose other process was killed. */
static bool
answers(void *context UNUSED)
{
	struct ftp c;
	bool answered = ftp_connect(&c) == 220;

	ftp_close(&c);
	return answered;
}

static void
test_storm(void)
{
	struct server s;
	unsigned seed = 7;

	if (!SERVER(&s))
		return;
	for (int round = 0; round < 60; round++) {
		struct ftp c;
		ftp_connect(&c);
		if (round % 3 != 0)
			ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\n"
					  "EPSV\r\nLIST\r\n");
		seed = seed * 1103515245u + 12345u;
		kill_one(&s, seed);
		ftp_close(&c);
	}
	/* A pause after crashes is allowed, but the server must answer. */
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	CHECK(procs_wait_for_count(PROCS_RECORDER, 1, 5000));
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 10000));
	CHECK(procs_wait_for_count(PROCS_MONITOR, 2, 5000));
	CHECK(wait_until(answers, NULL, 5000));
	check_serves();
	server_stop(&s);
}

/* A greeter that ignores its own timeout. */
static void
test_stuck_greeter(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.login_timeout=1"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	pid_t pid = procs_serving(PROCS_GREETER);
	if (CHECK(pid > 1) && CHECK(kill(pid, SIGSTOP) == 0))
		CHECK(ftp_is_closed(&c));
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 login timed out: "
		"worker killed");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 session ended: login "
		"timeout after * s");
	ftp_close(&c);
	check_serves();
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the greeter is killed", test_greeter },
	{ "the session is killed, idle and during a transfer", test_session },
	{ "the monitor is killed, before and after login", test_monitor },
	{ "killed spare workers are replaced", test_spares },
	{ "a killed recorder is replaced, and no event is lost",
		test_recorder },
	{ "all processes exit when the master is killed", test_master },
	{ "sixty random kills", test_storm },
	{ "a worker that is stuck before login is killed",
		test_stuck_greeter },
	CU_TEST_INFO_NULL,
};
