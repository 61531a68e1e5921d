/*
 * suite_radius_ends.c - what becomes of accounting reports that no server has
 * confirmed when the process radius or the whole server ends.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <signal.h>

const char *const functional_name = "radius_ends";

#define RADIUS	   "sureftpd-rad"
#define ACCOUNTING "radius.accounting_servers=127.0.0.1"
#define LOST	   "error radius: accounting reports were lost, because no " \
	"RADIUS server has confirmed them: 2"
#define LOST_WITH  "error accounting reports were lost with the process " \
	"radius: 2"

static pid_t logins, accounting;

static void
replace_accounting(enum radius_way way)
{
	radius_stop(accounting);
	accounting = radius_serve(1813, way);
}

/* Two reports wait: Start and Stop of a session. */
static bool
begin(struct server *s, const char *retries)
{
	struct ftp c;

	radius_prepare();
	logins = radius_serve(1812, RADIUS_GOOD);
	accounting = radius_serve(1813, RADIUS_SILENT);
	if (!SERVER(s, RADIUS_ON, ACCOUNTING, "radius.timeout=1", retries) ||
	    !radius_enter(&c, "virt", "pw-1"))
		return false;
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	return CHECK(radius_await(1813, " 40=1 ", 1)) &&
		CHECK(radius_await(1813, " 40=2 ", 1));
}

static void
end(struct server *s)
{
	server_stop(s);
	radius_stop(logins);
	radius_stop(accounting);
}

static pid_t
process(void)
{
	struct proc p = { 0 };

	CHECK_NUMBER(procs_list(RADIUS, &p, 1), 1);
	return p.pid;
}

/* The master ends, and none of the processes outlives it: a service manager
 * would kill them. */
static void
check_stops(const struct server *s, int64_t at_most)
{
	int64_t began = clock_ms();
	int status = -1;

	CHECK(kill(s->pid, SIGTERM) == 0);
	CHECK(server_wait(s->pid, at_most, &status));
	CHECK_NUMBER(status, 0);
	CHECK_NUMBER(procs_list(RADIUS, NULL, 0), 0);
	CHECK_SAYS(clock_ms() - began < at_most, "%jd ms",
		(intmax_t)(clock_ms() - began));
}

static void
check_delivered(void)
{
	CHECK(radius_await(1813, " 40=1 ", 1));
	CHECK(radius_await(1813, " 40=2 ", 1));
}

static void
upgrade(const struct server *s)
{
	struct ctl_result r;

	CHECK(kill(s->pid, 0) == 0);
	CTL(&r, "upgrade");
	CHECK_SAYS(r.status == 0, "%s%s", r.out, r.err);
}

static void (*const replacements[])(const struct server *) = {
	logged_reload, upgrade };

/* The server waits for answers that come in some seconds. */
static void
test_stop_delivers(void)
{
	struct server s;

	if (!begin(&s, "radius.retries=10"))
		return;
	CHECK(kill(s.pid, SIGTERM) == 0);
	CHECK(!server_wait(s.pid, 1000, NULL));
	files_write_text(RADIUS_LOG, "");
	replace_accounting(RADIUS_GOOD);
	CHECK(server_wait(s.pid, 8000, NULL));
	CHECK_NUMBER(procs_list(RADIUS, NULL, 0), 0);
	check_delivered();
	CHECK_LACKS(server_log(), "were lost");
	s.pid = -1;
	end(&s);
}

/* It tries once more what it has given up for the moment, with new sockets; and
 * so do processes that were replaced. */
static void
test_stop_in_a_pause(void)
{
	struct server s;

	for (size_t i = 0; i <= ARRAY_SIZE(replacements); i++) {
		size_t mark = logged_mark();
		if (!begin(&s, "radius.retries=0"))
			return;
		CHECK_LOGGED(mark, "warning radius: accounting reports wait "
			"for a RADIUS server: *");
		if (i > 0) {
			replacements[i - 1](&s);
			CHECK(procs_wait_for_count(RADIUS, 2, 5000));
		}
		files_write_text(RADIUS_LOG, "");
		replace_accounting(RADIUS_GOOD);
		CHECK_NUMBER(radius_times(1813, " 40="), 0);
		check_stops(&s, 8000);
		check_delivered();
		CHECK_LACKS(server_log(), "were lost");
		s.pid = -1;
		end(&s);
	}
}

/* Without an answer it says how many were lost. */
static void
test_stop_loses(void)
{
	struct server s;

	if (!begin(&s, "radius.retries=10"))
		return;
	check_stops(&s, 9000);
	CHECK_LOGGED(0, LOST);
	s.pid = -1;
	end(&s);
	/* With nothing to report it does not wait. */
	radius_prepare();
	logins = radius_serve(1812, RADIUS_GOOD);
	accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, ACCOUNTING))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK(radius_await(1813, " 40=2 ", 1));
	check_stops(&s, 2000);
	s.pid = -1;
	end(&s);
}

/* The former process goes on until all is confirmed; */
static void
test_replaced(void)
{
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(replacements); i++) {
		if (!begin(&s, "radius.retries=10"))
			return;
		pid_t former = process();
		replacements[i](&s);
		CHECK(procs_wait_for_count(RADIUS, 2, 5000));
		files_write_text(RADIUS_LOG, "");
		replace_accounting(RADIUS_GOOD);
		check_delivered();
		CHECK(server_wait(former, 5000, NULL));
		CHECK_LACKS(server_log(), "were lost");
		end(&s);
	}
}

/* and at a stop it says what was lost, */
static void
test_replaced_and_stopped(void)
{
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(replacements); i++) {
		if (!begin(&s, "radius.retries=10"))
			return;
		size_t mark = logged_mark();
		replacements[i](&s);
		CHECK(procs_wait_for_count(RADIUS, 2, 5000));
		check_stops(&s, 9000);
		CHECK_LOGGED(mark, LOST);
		s.pid = -1;
		end(&s);
	}
}

static bool
nothing_waits(void *context UNUSED)
{
	struct ctl_result r;

	CTL(&r, "metrics");
	return strstr(r.out, "\nsureftpd_radius_reports_waiting 0\n") != NULL;
}

/* or others do, if it cannot. */
static void
test_killed(void)
{
	struct server s;

	for (size_t i = 0; i <= ARRAY_SIZE(replacements); i++) {
		if (!begin(&s, "radius.retries=10"))
			return;
		size_t mark = logged_mark();
		pid_t former = process();
		if (i > 0) {
			replacements[i - 1](&s);
			CHECK(procs_wait_for_count(RADIUS, 2, 5000));
		}
		CHECK(kill(former, SIGKILL) == 0);
		CHECK_LOGGED(mark, LOST_WITH);
		CHECK_LOGGED(mark, "error *radius was killed by signal 9*");
		/* A later one has nothing to lose. */
		CHECK(server_wait(former, 5000, NULL));
		CHECK(procs_wait_for_count(RADIUS, 1, 5000));
		replace_accounting(RADIUS_GOOD);
		files_write_text(RADIUS_LOG, "");
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
		check_delivered();
		CHECK(wait_until(nothing_waits, NULL, 8000));
		CHECK(kill(process(), SIGKILL) == 0);
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
		CHECK_NUMBER(logged_times(mark, "*reports were lost*"),
			1);
		end(&s);
	}
}

/* In the configuration file; both have the same length. */
static void
change_backends(const char *from, const char *to)
{
	static char text[16384];

	CHECK(files_read(SERVER_CONFIG, text, sizeof(text)) > 0);
	char *at = strstr(text, from);
	if (CHECK(at != NULL) && CHECK(strlen(from) == strlen(to)))
		memcpy(at, to, strlen(to));
	files_write_text(SERVER_CONFIG, text);
}

/* A reload after which radius is not used any more: sessions from before are
 * reported nevertheless, and those of later. */
static void
test_not_used_any_more(void)
{
	static const char with[] = "[auth]\nbackends = radius\n";
	static const char without[] = "[auth]\nbackends = pam   \n";
	struct server s;
	struct ftp c;

	radius_prepare();
	logins = radius_serve(1812, RADIUS_GOOD);
	accounting = radius_serve(1813, RADIUS_GOOD);
	server_configure(with);
	for (size_t i = 0; i < ARRAY_SIZE(replacements); i++) {
		files_write_text(RADIUS_LOG, "");
		if (!SERVER(&s, ACCOUNTING, "radius.servers=127.0.0.1",
			"radius.map_uid=7001", "radius.map_gid=7002") ||
		    !radius_enter(&c, "virt", "pw-1"))
			return;
		change_backends(with, without);
		replacements[i](&s);
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 530);
		EXPECT(&c, 221, "QUIT");
		ftp_close(&c);
		check_delivered();
		change_backends(without, with);
		logged_reload(&s);
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
		CHECK(radius_await(1813, " 40=2 ", 2));
		CHECK(procs_wait_for_count(RADIUS, 1, 5000));
		server_stop(&s);
	}
	radius_stop(logins);
	radius_stop(accounting);
}

CU_TestInfo functional_tests[] = {
	{ "a stop waits for answers", test_stop_delivers },
	{ "a stop tries again what waits for a server", test_stop_in_a_pause },
	{ "a stop says what was lost, in bounded time", test_stop_loses },
	{ "a reload and an upgrade lose nothing", test_replaced },
	{ "a stop after them says what was lost", test_replaced_and_stopped },
	{ "a process that is killed", test_killed },
	{ "a reload after which there are no RADIUS servers",
		test_not_used_any_more },
	CU_TEST_INFO_NULL,
};
