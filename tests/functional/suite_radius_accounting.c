/*
 * suite_radius_accounting.c - sessions are reported to accounting servers.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "radius_accounting";

#define ACCOUNTING "radius.accounting_servers=127.0.0.1"

/* Wait for as many requests with this text on the accounting port. */
static bool
reported_at(int line, const char *text, size_t times)
{
	return check_at(__FILE__, line, radius_await(1813, text, times) &&
		radius_times(1813, text) == times, "not %zu times \"%s\":\n%s",
		times, text, files_text(RADIUS_LOG));
}

#define REPORTED(text, times) reported_at(__LINE__, (text), (times))

/* Start and Stop: bytes, files, seconds, cause, Class. */
static void
test_session(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	radius_prepare();
	radius_text(&radius_users[RADIUS_VIRT], 0, 25, "class one");
	radius_text(&radius_users[RADIUS_VIRT], 0, 25, "class two");
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING))
		return;
	if (!radius_enter(&c, "virt", "pw-1"))
		return;
	/* Start: session, who. */
	REPORTED(" 1=virt 6=1 61=5 32=sureftpd 4=2130706433 31=127.0.0.1 40=1 "
		"44=", 1);
	REPORTED("-1 45=1 41=0 55=", 1);
	REPORTED(" 25=class one 25=class two", 1);
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "0123456789", 10, "STOR a"), 226);
	CHECK_NUMBER(ftp_put(&c, "0123456789", 10, "STOR b"), 226);
	free(ftp_get(&c, &len, "RETR a"));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	/* 20 bytes in 2 files, 10 in 1; the client's request. */
	REPORTED(" 40=2 ", 1);
	REPORTED(" 42=20 43=10 47=2 48=1 46=0 49=1 25=class one 25=class two",
		1);
	/* Another session has another name; it is lost. */
	if (radius_enter(&c, "virt", "pw-1"))
		REPORTED("-2 45=1 ", 1);
	ftp_reset(&c);
	REPORTED(" 49=2 ", 1);
	/* A failed login has no session. */
	CHECK_NUMBER(ftp_try_login("virt", "wrong"), 530);
	server_stop(&s);
	CHECK_NUMBER(radius_times(1813, " 40="), 4);
	radius_stop(login);
	radius_stop(accounting);
}

/* Session-Timeout and the end of the server are causes, too; and a session goes
 * on being reported when the process radius has died. */
static void
test_causes(void)
{
	struct server s;
	struct proc p;
	struct ftp c;

	radius_prepare();
	radius_number(&radius_users[RADIUS_VIRT], 0, 27, 1);
	radius_number(&radius_users[RADIUS_BERT], 0, 28, 1);
	radius_text(&radius_users[RADIUS_BERT], RADIUS_PWP, 1, "/home/bert");
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		EXPECT_REPLY(&c, 421);
	ftp_close(&c);
	REPORTED(" 46=1 49=5", 1);
	if (radius_enter(&c, "bert", "pw-3"))
		EXPECT_REPLY(&c, 421);
	ftp_close(&c);
	REPORTED(" 46=1 49=4", 1);
	if (radius_enter(&c, "anna", "pw-2")) {
		REPORTED(" 40=1 ", 3);
		CHECK_NUMBER(procs_list("sureftpd-rad", &p, 1), 1);
		CHECK(kill(p.pid, SIGKILL) == 0);
		EXPECT(&c, 221, "QUIT");
		REPORTED(" 49=1", 1);
	}
	ftp_close(&c);
	if (radius_enter(&c, "anna", "pw-2"))
		REPORTED(" 40=1 ", 4);
	server_stop(&s);
	ftp_close(&c);
	REPORTED(" 49=6", 1);
	radius_stop(login);
	radius_stop(accounting);
}

/* Interim reports, with the bytes of a running transfer. */
static void
test_interim(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING, "radius.interim_interval=1"))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
		CHECK_NUMBER(ftp_data_send(&c, "0123456789", 10), 10);
		CHECK(radius_await(1813, " 42=10 43=0 47=0 48=0 ", 2));
		CHECK(radius_times(1813, " 40=3 ") >= 2);
		CHECK_NUMBER(ftp_finish(&c), 226);
	}
	ftp_close(&c);
	REPORTED(" 40=2 ", 1);
	server_stop(&s);
	radius_stop(login);
	radius_stop(accounting);
}

/* A server that does not answer delays no session; what is sent again counts
 * the time since (Acct-Delay-Time). */
static void
test_outage(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_RECOVERS);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING, "radius.timeout=1",
		"radius.retries=4"))
		return;
	int64_t began = clock_ms();
	if (radius_enter(&c, "virt", "pw-1"))
		EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(clock_ms() - began < 900);
	/* The first two requests have no answer, and are sent again. */
	REPORTED(" 40=1 ", 2);
	REPORTED(" 40=2 ", 2);
	server_stop(&s);
	radius_stop(login);
	radius_stop(accounting);
}

/* Two servers: the second gets what the first does not confirm. */
static void
test_fail_over(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t silent = radius_serve(1814, RADIUS_SILENT);
	pid_t good = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=1", "radius.retries=0",
		"radius.accounting_servers=127.0.0.1:1814 127.0.0.1"))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	REPORTED(" 40=1 ", 1);
	REPORTED(" 40=2 ", 1);
	CHECK_LOGGED(0, "warning radius: RADIUS accounting server "
		"127.0.0.1:1814 does not answer");
	server_stop(&s);
	radius_stop(login);
	radius_stop(silent);
	radius_stop(good);
}

/* A report that no server takes does not hold up those of other sessions. */
static void
test_refused_report(void)
{
	struct server s;
	struct ftp c, other;

	radius_prepare();
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_NOT_FOR_ANNA);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING, "radius.timeout=1",
		"radius.retries=0"))
		return;
	if (radius_enter(&c, "anna", "pw-2") &&
	    radius_enter(&other, "virt", "pw-1")) {
		CHECK_LOGGED(0, "warning radius: *accounting report*");
		EXPECT(&other, 221, "QUIT");
		REPORTED(" 1=virt 6=1 61=5 32=sureftpd 4=2130706433 "
			"31=127.0.0.1 40=2 ", 1);
		/* It is sent again. */
		CHECK(radius_await(1813, " 1=anna ", 3));
	}
	radius_stop(accounting);
	accounting = radius_serve(1813, RADIUS_GOOD);
	ftp_close(&other);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(login);
	radius_stop(accounting);
}

/* A process that a reload has replaced repeats its reports until they are
 * confirmed, but not longer than the server runs. */
static void
test_reload(void)
{
	struct server s;
	struct proc p;
	struct ftp c;

	radius_prepare();
	pid_t login = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_SILENT);
	for (int end = 0; end < 2; end++) {
		files_write_text(RADIUS_LOG, "");
		if (!SERVER(&s, RADIUS_ON, ACCOUNTING, "radius.timeout=1",
			"radius.retries=10"))
			return;
		if (radius_enter(&c, "virt", "pw-1"))
			EXPECT(&c, 221, "QUIT");
		ftp_close(&c);
		CHECK(radius_await(1813, " 40=1 ", 1));
		CHECK(radius_await(1813, " 40=2 ", 1));
		CHECK_NUMBER(procs_list("sureftpd-rad", &p, 1), 1);
		CHECK(kill(s.pid, SIGHUP) == 0);
		CHECK(procs_wait_for_count("sureftpd-rad", 2, 5000));
		if (end == 0) {
			radius_stop(accounting);
			accounting = radius_serve(1813, RADIUS_GOOD);
			files_write_text(RADIUS_LOG, "");
			REPORTED(" 40=1 ", 1);
			REPORTED(" 40=2 ", 1);
			CHECK(server_wait(p.pid, 5000, NULL));
			radius_stop(accounting);
			accounting = radius_serve(1813, RADIUS_SILENT);
		} else {
			CHECK(kill(s.pid, SIGTERM) == 0);
			CHECK(server_wait(p.pid, 15000, NULL));
		}
		server_stop(&s);
	}
	radius_stop(login);
	radius_stop(accounting);
}

CU_TestInfo functional_tests[] = {
	{ "Start and Stop", test_session },
	{ "causes; without the process that was told", test_causes },
	{ "Interim-Update", test_interim },
	{ "a server that does not answer at first", test_outage },
	{ "two servers", test_fail_over },
	{ "a report that is refused", test_refused_report },
	{ "reports outlive a reload", test_reload },
	CU_TEST_INFO_NULL,
};
