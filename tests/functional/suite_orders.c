/*
 * suite_orders.c - orders of sureftpctl: kick, drain and resume, reload, set,
 * log level.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "orders";

#define CHECKER "/etc/sureftpd/checker"
#define WAITS	"/var/log/hooks/waits"

static struct ctl_result r;

/* The number of the session of this account, as a text. */
static const char *
number_of(const char *account)
{
	static char number[32];

	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	const char *line = ctl_line_with(r.out, account);
	snprintf(number, sizeof(number), "%.*s",
		(int)strspn(line, "0123456789"), line);
	CHECK_SAYS(number[0] != '\0', "no session of %s", account);
	return number;
}

static void
check_ended(struct ftp *c)
{
	EXPECT_REPLY(c, 421);
	CHECK_HAS(c->text, "The administrator has ended this session.");
	CHECK(ftp_is_closed(c));
	ftp_close(c);
}

static void
test_kick(void)
{
	struct server s;
	struct ftp a, b, other, waiting;

	if (!SERVER(&s) || !ftp_enter(&a, "anna") || !ftp_enter(&b, "bert"))
		return;
	CHECK_NUMBER(CTL(&r, "kick", number_of("anna")), EX_OK);
	CHECK_TEXT(r.out, "1 session ended.\n");
	check_ended(&a);
	EXPECT(&b, 200, "NOOP");
	CHECK_LOGGED(0, "info sureftpctl kick session * by uid 0*");
	CHECK(ftp_enter(&a, "anna") && ftp_enter(&other, "anna"));
	CHECK_NUMBER(CTL(&r, "kick", "--user", "anna"), EX_OK);
	CHECK_TEXT(r.out, "2 sessions ended.\n");
	check_ended(&a);
	check_ended(&other);
	EXPECT(&b, 200, "NOOP");
	CHECK(ftp_enter_to(&a, "127.0.0.1", "127.0.0.9", "anna"));
	CHECK_NUMBER(CTL(&r, "kick", "-a", "127.0.0.8/29"), EX_OK);
	CHECK_TEXT(r.out, "1 session ended.\n");
	check_ended(&a);
	EXPECT(&b, 200, "NOOP");
	/* Also those that have not logged in. */
	CHECK_NUMBER(ftp_connect(&waiting), 220);
	CHECK_NUMBER(CTL(&r, "kick", "--all"), EX_OK);
	CHECK_TEXT(r.out, "2 sessions ended.\n");
	check_ended(&b);
	check_ended(&waiting);
	server_stop(&s);
}

/* Once is enough, although its processes have not ended yet. */
static void
test_kick_twice(void)
{
	struct server s;
	struct ftp c;
	char number[32];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	snprintf(number, sizeof(number), "%s", number_of("anna"));
	pid_t monitor = procs_serving(PROCS_MONITOR);
	CHECK(kill(monitor, SIGSTOP) == 0);
	CHECK_NUMBER(CTL(&r, "kick", number), EX_OK);
	CHECK_NUMBER(CTL(&r, "kick", number), 1);
	CHECK(kill(monitor, SIGCONT) == 0);
	check_ended(&c);
	server_stop(&s);
}

static void
test_kick_transfer(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(ftp_data_send(&c, "part", 4) == 4);
	CHECK_NUMBER(CTL(&r, "kick", "-u", "anna"), EX_OK);
	EXPECT_REPLY(&c, 421);
	CHECK_HAS(c.text, "The administrator has ended this session. Transfer "
		"aborted");
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	server_stop(&s);
}

/* An upload waits for its check: it has not passed it. */
static void
test_kick_check(void)
{
	struct server s;
	struct ftp c;

	CHECK(files_mkdir_as("_sureftpdrun", "/var/log/hooks", 0755));
	CHECK(files_write_text(CHECKER,
		"#!/bin/sh\necho \"$1\" >" WAITS "\n"
		"while test -e " WAITS "; do sleep 0.1; done\n"));
	CHECK(chmod(CHECKER, 0755) == 0);
	if (!SERVER(&s, "session.upload_check=" CHECKER,
	    "session.upload_check_timeout=100", "session.atomic_uploads=no") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "hello", 5), 5);
	ftp_data_close(&c);
	CHECK_FILE(WAITS, "/home/anna/f\n");
	CHECK_NUMBER(CTL(&r, "kick", "--all"), EX_OK);
	EXPECT_REPLY(&c, 550);
	check_ended(&c);
	CHECK(!files_exist("/home/anna/f"));
	CHECK_NUMBER(logged_times(0, "*did not end in time*"), 0);
	CHECK(unlink(WAITS) == 0);
	server_stop(&s);
}

static void
test_kick_mistakes(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(CTL(&r, "kick", "999"), 1);
	CHECK_HAS(r.err, "no such session");
	CHECK_NUMBER(CTL(&r, "kick", "--user", "nobody"), 1);
	CHECK_HAS(r.err, "no session matches");
	CHECK_NUMBER(CTL(&r, "kick"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "kick", "anna"), EX_USAGE);
	CHECK_HAS(r.err, "not a session number: anna");
	CHECK_NUMBER(CTL(&r, "kick", "--all", "1"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "kick", "--all", "--user", "anna"), EX_USAGE);
	CHECK_HAS(r.err, "only one of");
	CHECK_NUMBER(CTL(&r, "kick", "--address", "localhost"), EX_DATAERR);
	CHECK_HAS(r.err, "localhost is not an address or a network");
	CHECK_NUMBER(CTL(&r, "kick", "--json", "1"), EX_USAGE);
	CHECK_HAS(r.err, "kick has no option --json");
	CHECK_NUMBER(CTL(&r, "drain", "--user", "anna"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "resume", "now"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "events", "upload"), EX_USAGE);
	CHECK_HAS(r.err, "there is no event upload");
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_drain(void)
{
	struct server s;
	struct ftp c, late;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(CTL(&r, "drain"), EX_OK);
	CHECK_TEXT(r.out, "New clients are refused; 1 session left.\n");
	CHECK_NUMBER(ftp_connect(&late), 421);
	CHECK_HAS(late.text, "maintenance");
	ftp_close(&late);
	CHECK_LOGGED(0, "*draining (sureftpctl drain)*");
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_HAS(r.out, "\ndraining      new clients are refused");
	CHECK_NUMBER(CTL(&r, "status", "-j"), EX_OK);
	CHECK_HAS(r.out, "\"draining\":true");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	/* With --end a transfer may still end. */
	CHECK_NUMBER(ftp_start(&c, "STOR g"), 150);
	CHECK_NUMBER(CTL(&r, "drain", "--end"), EX_OK);
	CHECK_TEXT(r.out, "New clients are refused; 1 session will end.\n");
	CHECK_NUMBER(ftp_finish(&c), 226);
	check_ended(&c);
	CHECK_NUMBER(CTL(&r, "resume"), EX_OK);
	CHECK_TEXT(r.out, "New clients are accepted.\n");
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_LACKS(r.out, "draining");
	CHECK(ftp_enter(&c, "anna"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_drain_signal(void)
{
	struct server s;
	struct ftp c, late;
	struct proc all[32];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	size_t mark = logged_mark(), count = procs_list(NULL, all, 32);
	/* As a service manager sends it to all processes of a service. */
	while (count-- > 0)
		CHECK(kill(all[count].pid, SIGUSR1) == 0);
	CHECK_LOGGED(mark, "*SIGUSR1: new clients are refused*");
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(ftp_connect(&late), 421);
	ftp_close(&late);
	CHECK_NUMBER(CTL(&r, "resume"), EX_OK);
	CHECK_NUMBER(ftp_connect(&late), 220);
	ftp_close(&late);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_reload(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	server_configure("[limits]\nmax_clients = 1\n");
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK_TEXT(r.out, "Configuration reloaded.\n");
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_HAS(r.out, "clients       0 (max 1)");
	CHECK_HAS(r.out, "\nconfiguration " SERVER_CONFIG "\n");
	server_configure("nonsense = 1\n");
	CHECK_NUMBER(CTL(&r, "reload"), EX_CONFIG);
	CHECK_HAS(r.err, "reload failed, keeping the current configuration");
	CHECK(ftp_enter(&c, "anna"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_set(void)
{
	struct server s;
	struct ftp c, late;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(CTL(&r, "set", "max_clients", "1"), EX_OK);
	CHECK_TEXT(r.out, "max_clients = 1 until the next reload.\n");
	CHECK_NUMBER(ftp_connect(&late), 421);
	ftp_close(&late);
	CHECK_NUMBER(CTL(&r, "set", "max_clients", "many"), EX_DATAERR);
	CHECK_HAS(r.err, "max_clients must be 0 to 100000 sessions, not many");
	CHECK_NUMBER(CTL(&r, "set", "banner", "x"), EX_USAGE);
	CHECK_HAS(r.err, "banner is not a limit");
	CHECK_NUMBER(CTL(&r, "set", "max_clients"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "set", "max_clients", "5", "--all"), EX_DATAERR);
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK_NUMBER(ftp_connect(&late), 220);
	ftp_close(&late);
	/* max_per_user applies to further logins. */
	CHECK_NUMBER(CTL(&r, "set", "max_per_user", "1"), EX_OK);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
	CHECK_NUMBER(CTL(&r, "set", "max_per_user", "0"), EX_OK);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_rates(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(CTL(&r, "set", "download_rate", "100k",
		number_of("anna")), EX_OK);
	CHECK_TEXT(r.out, "download_rate = 100k for 1 session.\n");
	CHECK_NUMBER(CTL(&r, "set", "upload_rate", "5", "--user", "anna"),
		EX_OK);
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_HAS(r.out, "\"download_rate\":102400,\"upload_rate\":5");
	CHECK_NUMBER(CTL(&r, "set", "upload_rate", "0", "--all"), EX_OK);
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_HAS(r.out, "\"download_rate\":102400,\"upload_rate\":0");
	CHECK_NUMBER(CTL(&r, "set", "upload_rate", "fast", "--all"),
		EX_DATAERR);
	CHECK_NUMBER(CTL(&r, "set", "max_user_upload_rate", "8000000T",
		"--all"), EX_DATAERR);
	CHECK_HAS(r.err, "8000000T: rates are at most 1T; 0 is no limit");
	CHECK_NUMBER(CTL(&r, "set", "upload_rate", "1"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "set", "upload_rate", "1", "99"), 1);
	ftp_close(&c);
	server_stop(&s);
}

static bool
noop_is_logged(void *context)
{
	EXPECT((struct ftp *)context, 200, "NOOP");
	return logged_times(0, "*NOOP*") > 0;
}

static bool
port_is_logged(void *context)
{
	EXPECT((struct ftp *)context, 504, "PORT 192,0,2,1,200,1");
	return logged_times(0, "*warning session=1 *PORT to 192.0.2.1 "
		"refused*") > 0;
}

static void
test_log_level(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(logged_times(0, "*NOOP*"), 0);
	CHECK_NUMBER(CTL(&r, "log", "level", "debug"), EX_OK);
	CHECK_TEXT(r.out, "Log level debug until the next reload.\n");
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_HAS(r.out, "\nlog level     debug\n");
	/* A session from before it, and one after it.  The recorder is
	 * replaced meanwhile. */
	CHECK(wait_until(noop_is_logged, &c, 5000));
	size_t mark = logged_mark();
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	CHECK_LOGGED(mark, "*USER bert*");
	CHECK_NUMBER(CTL(&r, "log", "level", "loud"), EX_DATAERR);
	CHECK_HAS(r.err, "loud is not a log level");
	/* A reload ends it for the session as well, and for the next
	 * recorder. */
	CHECK_NUMBER(CTL(&r, "log", "level", "error"), EX_OK);
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK(wait_until(port_is_logged, &c, 5000));
	CHECK_NUMBER(CTL(&r, "log"), EX_USAGE);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "kick: by number, user, network, all", test_kick },
	{ "kick: twice", test_kick_twice },
	{ "kick: during a transfer", test_kick_transfer },
	{ "kick: an upload that waits for upload_check", test_kick_check },
	{ "kick: errors and exit status", test_kick_mistakes },
	{ "drain and resume", test_drain },
	{ "SIGUSR1 drains", test_drain_signal },
	{ "reload, and a reload that fails", test_reload },
	{ "set: limits", test_set },
	{ "set: rates of sessions", test_rates },
	{ "log level", test_log_level },
	CU_TEST_INFO_NULL,
};
