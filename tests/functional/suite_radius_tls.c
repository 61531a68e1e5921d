/*
 * suite_radius_tls.c - RADIUS over TLS: one connection for all requests, and
 * servers that are not the right ones, or do not answer.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/waiting.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

const char *const functional_name = "radius_tls";

#define TLS_FILES "radius.tls_ca=" CERTS "ca.pem", \
	"radius.tls_certificate=" CERTS "anna.pem"
#define TLS_ON RADIUS_ON, "radius.servers=tls://127.0.0.1", TLS_FILES
#define QUICK "radius.timeout=1"
/* Without a secret: servers over TLS do not need one. */
static void
prepare(void)
{
	radius_prepare();
	ftps_certs_write();
	CHECK(unlink(RADIUS_SECRET_FILE) == 0);
}

static pid_t
serve_tls(uint16_t port, enum radius_way way, const char *certificate)
{
	return radius_start_tls(port, way, radius_users, RADIUS_USERS,
		certificate);
}

static pid_t
serve_good(void)
{
	return serve_tls(2083, RADIUS_GOOD, CERTS "address.pem");
}

/* Passwords, a challenge, messages; all on one connection. */
static void
test_logins(void)
{
	struct server s;
	struct ftp c;

	prepare();
	radius_text(&radius_users[RADIUS_VIRT], 0, 18, "Welcome");
	pid_t radius = serve_good();
	if (!SERVER(&s, TLS_ON))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		CHECK_HAS(c.text, "230-Welcome");
	ftp_close(&c);
	CHECK_NUMBER(ftp_try_login("virt", "wrong"), 530);
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER token");
	EXPECT(&c, 332, "PASS pw-4");
	CHECK_HAS(c.text, "Code, please:");
	EXPECT(&c, 230, "ACCT 4711");
	ftp_close(&c);
	CHECK_NUMBER(radius_times(2083, "connected"), 1);
	CHECK_NUMBER(radius_times(2083, "access password=pw-1"), 1);
	CHECK_NUMBER(radius_times(2083, "unsigned"), 0);
	server_stop(&s);
	radius_stop(radius);
}

static void
test_ways(void)
{
	static const char *const ways[] = { "radius.authentication=chap",
		"radius.authentication=mschapv2" };
	struct server s;

	prepare();
	pid_t radius = serve_good();
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!SERVER(&s, TLS_ON, ways[i]))
			return;
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
		CHECK_NUMBER(ftp_try_login("virt", "pw-2"), 530);
		server_stop(&s);
	}
	radius_stop(radius);
}

/* The host name of the certificate; the key in a file of its own; a list of
 * revoked certificates; another port. */
static void
test_names(void)
{
	struct server s;

	prepare();
	files_append_text("/etc/hosts", "127.0.0.1 ec.example\n");
	pid_t radius = serve_tls(2084, RADIUS_GOOD, CERTS "ec.pem");
	if (!SERVER(&s, RADIUS_ON, "radius.servers=tls://ec.example:2084",
		"radius.tls_ca=" CERTS "ca.pem", "radius.tls_crl=" CERTS
		"crl.pem", "radius.tls_certificate=" CERTS "plain.pem",
		"radius.tls_key=" CERTS "plain.key"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(radius);
}

/* Answers in another order than the requests. */
static void
test_in_flight(void)
{
	struct server s;
	struct ftp a, b;

	prepare();
	pid_t radius = serve_tls(2083, RADIUS_SWAPS, CERTS "address.pem");
	if (!SERVER(&s, TLS_ON))
		return;
	CHECK_NUMBER(ftp_connect(&a), 220);
	CHECK_NUMBER(ftp_connect(&b), 220);
	EXPECT(&a, 331, "USER virt");
	EXPECT(&b, 331, "USER anna");
	ftp_send_text(&a, "PASS pw-1\r\n");
	ftp_send_text(&b, "PASS pw-2\r\n");
	EXPECT_REPLY(&a, 230);
	EXPECT_REPLY(&b, 230);
	ftp_close(&a);
	ftp_close(&b);
	CHECK_NUMBER(radius_times(2083, "connected"), 1);
	server_stop(&s);
	radius_stop(radius);
}

/* A connection that ends is made again, and what has no answer is sent on the
 * new one. */
static void
test_reconnect(void)
{
	struct server s;

	prepare();
	pid_t radius = serve_tls(2083, RADIUS_CLOSES, CERTS "address.pem");
	if (!SERVER(&s, TLS_ON))
		return;
	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(radius_times(2083, "connected"), 3);
	radius_stop(radius);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 530);
	CHECK_LOGGED(0, "warning session=* peer=127.0.0.1 user=virt login "
		"failed: " RADIUS_NO_ANSWER "(tls://127.0.0.1: Connection "
		"refused)");
	radius = serve_tls(2083, RADIUS_LEAVES, CERTS "address.pem");
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_LOGGED(0, "info radius: RADIUS server tls://127.0.0.1 answers "
		"again");
	CHECK_NUMBER(radius_times(2083, "connected"), 5);
	server_stop(&s);
	radius_stop(radius);
}

struct bad {
	enum radius_way way;
	const char *certificate;
	const char *reason;	/* NULL: the login succeeds all the same */
};

static void
test_bad_servers(void)
{
	static const struct bad bad[] = {
		{ RADIUS_HANGS, CERTS "address.pem", "no connection in time" },
		{ RADIUS_SILENT, CERTS "address.pem", "no answer" },
		{ RADIUS_PLAIN, CERTS "address.pem",
			"TLS: server did not use TLS" },
		{ RADIUS_OLD_TLS, CERTS "address.pem", "TLS: *" },
		{ RADIUS_GOOD, CERTS "ec.pem", "TLS: IP address mismatch" },
		{ RADIUS_GOOD, CERTS "stranger.pem", "TLS: unable to get local "
			"issuer certificate" },
		{ RADIUS_GOOD, CERTS "revoked-address.pem",
			"TLS: certificate revoked" },
		{ RADIUS_WRONG_SECRET, CERTS "address.pem", "an answer with a "
			"wrong authenticator (is the secret the same on both "
			"sides?); tls://127.0.0.1: no answer" },
		{ RADIUS_WRONG_NUMBER, CERTS "address.pem", "no answer" },
		{ RADIUS_BROKEN, CERTS "address.pem", "*a malformed packet" },
		/* TLS proves who has sent it. */
		{ RADIUS_UNSIGNED, CERTS "address.pem", NULL },
		{ RADIUS_TWICE, CERTS "address.pem", NULL },
	};
	struct server s;
	struct ftp other;

	prepare();
	if (!SERVER(&s, TLS_ON, QUICK, "auth.backends=pam radius",
		"radius.tls_crl=" CERTS "crl.pem"))
		return;
	CHECK(ftp_enter(&other, "anna"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		pid_t radius = serve_tls(2083, bad[i].way, bad[i].certificate);
		radius_try_beside(&other, "tls://127.0.0.1", bad[i].reason);
		radius_stop(radius);
	}
	ftp_close(&other);
	/* None of them has ended the process. */
	CHECK(procs_wait_for_count("sureftpd-rad", 1, 5000));
	CHECK_NUMBER(logged_times(0, "radius* ended *"), 0);
	server_stop(&s);
}

/* What --check says about these settings in addition. */
static void
check_check(const char *settings, int status, const char *text)
{
	static const char *const check[] = { "-C", "/tmp/check.conf",
		"--check", NULL };
	struct ctl_result r;
	char all[1000];

	snprintf(all, sizeof(all), "[auth]\nbackends = radius\n[radius]\n"
		"servers = tls://127.0.0.1\ntls_ca = " CERTS "ca.pem\n"
		"tls_certificate = " CERTS "anna.pem\n%s", settings);
	files_write_text("/tmp/check.conf", all);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, check), status);
	CHECK_HAS(status == 0 ? r.out : r.err, text);
}

/* The server does not know our certificate; the key is another one's. */
static void
test_own_certificate(void)
{
	struct server s;

	prepare();
	pid_t radius = serve_good();
	if (!SERVER(&s, TLS_ON, "radius.tls_certificate=" CERTS
		"stranger.pem"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 530);
	CHECK_LOGGED(0, "warning session=* peer=127.0.0.1 user=virt login "
		"failed: " RADIUS_NO_ANSWER "(tls://127.0.0.1: the connection "
		"broke: *)");
	server_stop(&s);
	if (!SERVER(&s, TLS_ON, "radius.tls_key=" CERTS "plain.key"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 530);
	CHECK_LOGGED(0, "error radius: RADIUS over TLS: " CERTS "plain.key: "
		"the private key does not match the certificate");
	server_stop(&s);
	check_check("", 0, "OK");
	check_check("tls_key = " CERTS "plain.key\n", EX_CONFIG,
		CERTS "plain.key: the private key does not match the "
		"certificate\n");
	check_check("tls_crl = /nonexistent\n", EX_CONFIG, "/nonexistent: "
		"cannot be read: No such file or directory\n");
	radius_stop(radius);
}

/* Two servers, over TLS and datagrams: time for each, then the next; the one
 * that hangs is tried last afterwards. */
static void
test_fail_over(void)
{
	struct server s;

	prepare();
	radius_write_secret(RADIUS_SECRET "\n");
	pid_t hangs = serve_tls(2083, RADIUS_HANGS, CERTS "address.pem");
	pid_t good = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, TLS_ON, "radius.timeout=3",
		"radius.servers=tls://127.0.0.1 127.0.0.1"))
		return;
	int64_t began = clock_ms();
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	int64_t took = clock_ms() - began;
	CHECK_SAYS(took >= 2900 && took < 6000, "took %lld ms",
		(long long)took);
	CHECK_LOGGED(0, "warning radius: RADIUS server tls://127.0.0.1: no "
		"connection in time");
	CHECK_LOGGED(0, "warning radius: RADIUS server tls://127.0.0.1 does "
		"not answer");
	began = clock_ms();
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK(clock_ms() - began < 2500);
	radius_stop(hangs);
	hangs = serve_good();
	radius_stop(good);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(hangs);
}

struct wanted {
	const char *text;
	size_t times;
};

static bool
holds(void *context)
{
	const struct wanted *w = context;

	return radius_times(2084, w->text) == w->times;
}

static void
check_reported(const char *text, size_t times)
{
	struct wanted w = { text, times };

	CHECK_SAYS(wait_until(holds, &w, 5000), "%s: %zu times", text,
		radius_times(2084, text));
}

/* Reports, on a connection that ends without an answer at first; and from the
 * process that a reload has started. */
static void
test_accounting(void)
{
	struct server s;
	struct ftp c;

	prepare();
	pid_t radius = serve_good();
	pid_t accounting = serve_tls(2084, RADIUS_LEAVES, CERTS "address.pem");
	if (!SERVER(&s, TLS_ON,
		"radius.accounting_servers=tls://127.0.0.1:2084"))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		check_reported("accounting 1=virt 6=1 61=5 32=sureftpd "
			"4=2130706433 31=127.0.0.1 40=1 ", 1);
	CHECK(kill(s.pid, SIGHUP) == 0);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	check_reported(" 40=2 ", 1);
	CHECK_NUMBER(radius_times(2084, "unsigned"), 0);
	server_stop(&s);
	radius_stop(radius);
	radius_stop(accounting);
}

static void
test_no_accounting(void)
{
	struct server s;

	prepare();
	pid_t radius = serve_good();
	if (!SERVER(&s, TLS_ON,
		"radius.accounting_servers=tls://127.0.0.1:2085"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_LOGGED(0, "warning radius: RADIUS accounting server "
		"tls://127.0.0.1:2085: *");
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "logins on one connection", test_logins },
	{ "CHAP and MS-CHAPv2", test_ways },
	{ "host names, key file, revoked certificates", test_names },
	{ "answers in another order", test_in_flight },
	{ "connections that end", test_reconnect },
	{ "servers that are not the right ones", test_bad_servers },
	{ "a certificate that the server does not know",
		test_own_certificate },
	{ "fail-over between TLS and datagrams", test_fail_over },
	{ "accounting", test_accounting },
	{ "accounting without a server", test_no_accounting },
	CU_TEST_INFO_NULL,
};
