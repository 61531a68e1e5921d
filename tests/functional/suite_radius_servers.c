/*
 * suite_radius_servers.c - RADIUS servers that do not answer, or not as they
 * should: logins are refused in bounded time, and no other session waits.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <signal.h>

const char *const functional_name = "radius_servers";

#define TWO "radius.servers=127.0.0.1 127.0.0.1:1813"
#define QUICK "radius.timeout=1", "radius.retries=1"
#define ONCE "radius.timeout=1", "radius.retries=0"
#define BESIDE_PAM "auth.backends=pam radius"

static int64_t
time_login(int expected)
{
	int64_t began = clock_ms();

	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), expected);
	return clock_ms() - began;
}

/* P16, P17, P20: timeout and retries for each, then the next; afterwards the
 * one that does not answer is tried last. */
static void
test_fail_over(void)
{
	static struct ctl_result r;
	struct server s;

	radius_prepare();
	pid_t silent = radius_serve(1812, RADIUS_SILENT);
	pid_t good = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, TWO, QUICK))
		return;
	int64_t took = time_login(230);
	CHECK_SAYS(took >= 1900 && took < 4000, "took %lld ms",
		(long long)took);
	CHECK_NUMBER(radius_times(1812, "access"), 2);
	CHECK_LOGGED(0, "warning radius: RADIUS server 127.0.0.1 does not "
		"answer");
	CHECK(time_login(230) < 900);
	CHECK_NUMBER(radius_times(1812, "access"), 2);
	CHECK_NUMBER(CTL(&r, "status"), 0);
	CHECK_TEXT(ctl_line_with(r.out, "RADIUS"), "RADIUS        no answer "
		"from 127.0.0.1");
	/* If the other one fails too, it is tried again. */
	radius_stop(good);
	CHECK(time_login(530) < 4000);
	CHECK_NUMBER(radius_times(1812, "access"), 4);
	CHECK_LOGGED(0, "warning session=3 peer=127.0.0.1 user=virt login "
		"failed: " RADIUS_NO_ANSWER "(127.0.0.1:1813: Connection "
		"refused; 127.0.0.1: no answer)");
	radius_stop(silent);
	pid_t back = radius_serve(1812, RADIUS_GOOD);
	CHECK(time_login(230) < 900);
	CHECK_LOGGED(0, "info radius: RADIUS server 127.0.0.1 answers again");
	CHECK_NUMBER(CTL(&r, "status", "--json"), 0);
	CHECK_HAS(r.out, "\"radius_without_answer\":[\"127.0.0.1:1813\"]");
	server_stop(&s);
	radius_stop(back);
}

/* A packet that is lost is sent again, the same.  The answer to the first one
 * may also come during the second try. */
static void
test_retransmission(void)
{
	struct server s;
	struct ftp other;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_RECOVERS);
	if (!SERVER(&s, RADIUS_ON, BESIDE_PAM, "radius.timeout=1",
		"radius.retries=2"))
		return;
	int64_t took = time_login(230);
	CHECK(took >= 1900 && took < 4000);
	CHECK_NUMBER(radius_times(1812, "access"), 3);
	radius_stop(radius);
	radius = radius_serve(1812, RADIUS_LATE);
	CHECK(ftp_enter(&other, "anna"));
	radius_try_beside(&other, "127.0.0.1", NULL);
	ftp_close(&other);
	server_stop(&s);
	radius_stop(radius);
}

/* An outage is not the fault of the client: it is not banned for it. */
static void
test_outage_bans_nobody(void)
{
	struct server s;

	radius_prepare();
	if (!SERVER(&s, RADIUS_ON, QUICK, "limits.ban_after=2"))
		return;
	/* Each with another password: the same one would count once. */
	for (int i = 0; i < 5; i++) {
		char password[16];
		snprintf(password, sizeof(password), "pw-%d", i);
		int64_t began = clock_ms();
		CHECK_NUMBER(ftp_try_login("virt", password), 530);
		CHECK(clock_ms() - began < 900);
	}
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	/* But wrong passwords count. */
	CHECK_NUMBER(ftp_try_login("virt", "pw"), 530);
	CHECK_NUMBER(ftp_try_login("virt", "pw2"), 530);
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 421);
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

struct bad {
	enum radius_way way;
	const char *reason;	/* NULL: the login succeeds all the same */
};

static void
test_bad_answers(void)
{
	static const struct bad bad[] = {
		{ RADIUS_UNSIGNED, "an answer without Message-Authenticator "
			"(require_message_authenticator); 127.0.0.1: "
			"no answer" },
		{ RADIUS_WRONG_SECRET, "an answer with a wrong authenticator "
			"(is the secret the same on both sides?); 127.0.0.1: "
			"no answer" },
		{ RADIUS_WRONG_MESSAGE, "an answer with a wrong "
			"Message-Authenticator; 127.0.0.1: no answer" },
		{ RADIUS_WRONG_NUMBER, "an answer to another request; "
			"127.0.0.1: no answer" },
		{ RADIUS_BROKEN, "a* answer*; 127.0.0.1: *" },
		{ RADIUS_FLOOD, "a* answer*; 127.0.0.1: too many invalid "
			"answers" },
		{ RADIUS_SILENT, "no answer" },
		{ RADIUS_ELSEWHERE, "no answer" },
		{ RADIUS_TWICE, NULL },
	};
	struct server s;
	struct ftp other;

	radius_prepare();
	if (!SERVER(&s, RADIUS_ON, BESIDE_PAM, ONCE))
		return;
	CHECK(ftp_enter(&other, "anna"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		pid_t radius = radius_serve(1812, bad[i].way);
		radius_try_beside(&other, "127.0.0.1", bad[i].reason);
		radius_stop(radius);
	}
	/* An answer of the past is not valid for another request. */
	pid_t radius = radius_serve(1812, RADIUS_REPLAYED);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	radius_try_beside(&other, "127.0.0.1", "an answer with a wrong "
		"authenticator (is the secret the same on both sides?); "
		"127.0.0.1: no answer");
	radius_stop(radius);
	ftp_close(&other);
	server_stop(&s);
}

/* If the administrator says so, because the RADIUS server is old. */
static void
test_old_server(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_UNSIGNED);
	if (!SERVER(&s, RADIUS_ON, "radius.require_message_authenticator=no"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(radius);
}

static void
test_addresses(void)
{
	struct server s;

	radius_prepare();
	pid_t v6 = radius_start("::1", 1645, RADIUS_GOOD, radius_users,
		RADIUS_USERS, NULL);
	if (!SERVER(&s, RADIUS_ON, "radius.servers=[::1]:1645"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	/* P17: the port of all. */
	if (!SERVER(&s, RADIUS_ON, "radius.servers=::1", "radius.port=1645"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(v6);
	/* A name; one that does not exist is passed over. */
	pid_t v4 = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.servers=no-such-host.invalid "
		"localhost 127.0.0.1",
		"radius.accounting_servers=no-such-host.invalid"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_LOGGED(0, "error radius: RADIUS server no-such-host.invalid: "
		"host not found");
	CHECK_NUMBER(logged_times(0, "* host not found"), 1);
	server_stop(&s);
	radius_stop(v4);
}

/* The monitor serves its channels while it waits. */
static void
test_waiting(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_SILENT);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=30"))
		return;
	/* The client leaves. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER virt");
	ftp_send_text(&c, "PASS pw-1\r\n");
	CHECK(procs_wait_for_count("sureftpd-rad", 1, 5000));
	pid_t monitor = procs_serving(PROCS_MONITOR);
	ftp_reset(&c);
	CHECK(monitor > 1 && server_wait(monitor, 5000, NULL));
	/* The server ends. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER virt");
	ftp_send_text(&c, "PASS pw-1\r\n");
	CHECK(!ftp_replies_within(&c, 500));
	int64_t began = clock_ms();
	CHECK(kill(s.pid, SIGTERM) == 0);
	EXPECT_REPLY(&c, 530);
	EXPECT_REPLY(&c, 421);
	server_stop(&s);
	CHECK(clock_ms() - began < 5000);
	ftp_close(&c);
	radius_stop(radius);
}

static void
test_login_timeout(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_SILENT);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=30",
		"limits.login_timeout=2"))
		return;
	int64_t began = clock_ms();
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER virt");
	ftp_send_text(&c, "PASS pw-1\r\n");
	EXPECT_REPLY(&c, 421);
	CHECK(clock_ms() - began < 4000);
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "P16, P17, P20: two servers, of which one fails", test_fail_over },
	{ "a lost packet is sent again", test_retransmission },
	{ "an outage bans nobody", test_outage_bans_nobody },
	{ "P22: answers that are not valid", test_bad_answers },
	{ "answers without Message-Authenticator, by setting",
		test_old_server },
	{ "P16, P17: IPv6, ports, host names", test_addresses },
	{ "the client leaves, the server ends, while a login waits",
		test_waiting },
	{ "login_timeout", test_login_timeout },
	CU_TEST_INFO_NULL,
};
