/*
 * suite_refused_clients.c - clients that are refused because of limits or
 * failed logins, and the effect on others.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "refused clients";

#define FLOOD 30

/* Has the server closed it within ms, without sending anything? */
static bool
closed_silently(int fd, int64_t ms)
{
	char byte;

	return network_readable(fd, ms) && recv(fd, &byte, 1, 0) <= 0;
}

/* A refused client on a listener with implicit TLS would need a handshake
 * before the reply, which it could delay: one address could occupy every
 * worker. */
static void
test_implicit_flood(void)
{
	struct server s;
	struct ftp first[2], other;
	struct ftps t;
	int fds[FLOOD], closed = 0;

	if (!FTPS_SERVER(&s, "listener.ftps.port=990",
		    "listener.ftps.tls=implicit", "listener.port=21",
		    "limits.max_per_ip=2", "server.max_workers=12"))
		return;
	for (int i = 0; i < 2; i++)
		CHECK_NUMBER(ftp_connect_to(&first[i], FTP_HOST, "127.0.0.5"),
			220);
	/* One after the other, so that a spare worker could take each. */
	for (int i = 0; i < FLOOD; i++) {
		fds[i] = network_connect(FTP_HOST, 990, "127.0.0.5");
		closed += closed_silently(fds[i], 300);
	}
	CHECK_NUMBER(closed, FLOOD);
	CHECK_NUMBER(logged_times(0, "warning session=* peer=127.0.0.5 "
		"connection refused: max_per_ip reached"), FLOOD);
	/* Others are served, at every listener. */
	CHECK_NUMBER(ftp_connect_to(&other, FTP_HOST, "127.0.0.6"), 220);
	ftps_init(&t);
	t.from = "127.0.0.6";
	CHECK_NUMBER(ftps_connect_implicit(&t, 990), 220);
	ftp_close(&t.c);
	ftp_close(&other);
	for (int i = 0; i < FLOOD; i++)
		close(fds[i]);
	ftp_close(&first[0]);
	ftp_close(&first[1]);
	server_stop(&s);
}

/* Where it needs no handshake a refused client gets its reply. */
static void
test_explicit_reply(void)
{
	struct server s;
	struct ftp first, c;

	if (!FTPS_SERVER(&s, "limits.max_per_ip=1"))
		return;
	CHECK_NUMBER(ftp_connect_to(&first, FTP_HOST, "127.0.0.5"), 220);
	for (int i = 0; i < FLOOD; i++) {
		CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.0.5"), 421);
		CHECK(ftp_is_closed(&c));
		ftp_close(&c);
		/* One at a time; test_burst() has several. */
		CHECK(procs_wait_for_count(PROCS_GREETER, 3, 5000));
	}
	CHECK_NUMBER(logged_times(0, "warning session=* peer=127.0.0.5 "
		"connection refused: max_per_ip reached"), FLOOD);
	ftp_close(&first);
	server_stop(&s);
}

/* More at once than there are spare workers. */
static void
test_burst(void)
{
	struct ftp first, c[6];
	struct server s;

	if (!SERVER(&s, "limits.max_per_ip=1", "server.min_spare_workers=1"))
		return;
	CHECK_NUMBER(ftp_connect_to(&first, FTP_HOST, "127.0.0.5"), 220);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		ftp_init(&c[i], FTP_HOST, NULL);
		c[i].fd = network_connect(FTP_HOST, 21, "127.0.0.5");
	}
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		CHECK_NUMBER(ftp_reply(&c[i]), 421);
		CHECK(ftp_is_closed(&c[i]));
		ftp_close(&c[i]);
	}
	ftp_close(&first);
	server_stop(&s);
}

/* One failed login, each with another password; false when the connection ended
 * with it. */
static bool
guess(struct ftp *c)
{
	struct ctl_result status;
	static int guesses;
	char password[32];

	snprintf(password, sizeof(password), "wrong%d", guesses++);
	CHECK_NUMBER(ftp_login(c, "anna", password), 530);
	/* Without failed_login_delay the next guess could come before the
	 * master has counted this one. */
	CHECK_NUMBER(CTL(&status, "status"), 0);
	if (ftp_command(c, "NOOP") == 200)
		return true;
	EXPECT_WAS(c, 421);
	CHECK_TEXT(c->text, "421 Too many failed logins. Closing.");
	CHECK(ftp_is_closed(c));
	return false;
}

/* Fail to log in, in one connection after the other and again, until the
 * server has ended all of them; how often that was possible. */
static int
guess_until_refused(struct ftp *c, size_t n, int most)
{
	bool ended[8] = { false };
	size_t left = n;
	int guesses = 0;

	for (size_t i = 0; left > 0 && guesses < most; i = (i + 1) % n) {
		if (ended[i])
			continue;
		guesses++;
		ended[i] = !guess(&c[i]);
		left -= ended[i];
	}
	return guesses;
}

/* Every failed login is counted immediately, on any connection: otherwise
 * guessing in parallel connections, with a few attempts in each, would stay
 * below the threshold. */
static void
test_guessing_in_parallel(void)
{
	struct server s;
	struct ftp c[3], more;

	if (!SERVER(&s, "limits.ban_after=6", "auth.max_login_attempts=10"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		CHECK_NUMBER(ftp_connect_to(&c[i], FTP_HOST, "127.0.0.9"),
			220);
	int guesses = guess_until_refused(c, ARRAY_SIZE(c), 30);
	/* Six are too many; each connection hears of it after one more. */
	CHECK_SAYS(guesses <= 12, "%d guesses were answered", guesses);
	CHECK_NUMBER(ftp_connect_to(&more, FTP_HOST, "127.0.0.9"), 421);
	ftp_close(&more);
	/* Several connections fail at once: any of them may be named. */
	CHECK_LOGGED(0, "warning *banned 127.0.0.9 for *: too many failures");
	CHECK_LOGGED(0, "warning session=4 peer=127.0.0.9 connection refused: "
		"address banned");
	/* Another address is served. */
	ftp_enter_to(&more, FTP_HOST, "127.0.0.10", "anna");
	ftp_close(&more);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* The connection that caused the ban ends with a reply. */
static void
test_guessing_in_one_connection(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.ban_after=6", "auth.max_login_attempts=10"))
		return;
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.0.9"), 220);
	int guesses = guess_until_refused(&c, 1, 10);
	CHECK_SAYS(guesses <= 7, "%d guesses were answered", guesses);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.9 banned 127.0.0.9 "
		"for 10m: too many failures");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.9 session ended: login "
		"failed after * s");
	ftp_close(&c);
	server_stop(&s);
}

/* A few mistyped passwords, and then the right one. */
static void
test_mistyped(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.ban_after=6"))
		return;
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.0.9"), 220);
		CHECK_NUMBER(ftp_login(&c, "anna", "worng"), 530);
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-past"), 530);
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* An administrator or the kernel's out-of-memory killer ends a session with
 * SIGKILL: this is not counted as a failure of the client. */
static void
test_killed_session(void)
{
	static const char *const victims[] = { PROCS_SESSION, PROCS_MONITOR };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.ban_after=6"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(victims); i++) {
		if (!ftp_enter(&c, "anna"))
			return;
		pid_t victim = procs_serving(victims[i]);
		if (!CHECK(victim > 1) || !CHECK(kill(victim, SIGKILL) == 0))
			return;
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
		CHECK(procs_wait_for_count(PROCS_MONITOR, 2, 5000));
		CHECK_LOGGED(0, "info session=%zu peer=127.0.0.1* session "
			"ended: stopped after * s", i + 1);
	}
	CHECK_NUMBER(logged_times(0, "*banned*"), 0);
	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a refused client gets no TLS handshake, and keeps no worker",
		test_implicit_flood },
	{ "a refused client gets its reply without TLS", test_explicit_reply },
	{ "refused clients at once get their replies", test_burst },
	{ "failures in parallel connections are counted",
		test_guessing_in_parallel },
	{ "a connection whose address was banned ends with a reply",
		test_guessing_in_one_connection },
	{ "a few mistyped passwords do not ban an address", test_mistyped },
	{ "a killed session is not counted as a failure", test_killed_session },
	CU_TEST_INFO_NULL,
};
