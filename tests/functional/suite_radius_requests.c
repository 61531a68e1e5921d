/*
 * suite_radius_requests.c - what cannot be foreseen in requests to RADIUS
 * servers, challenges without a text, and servers that come back.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/world.h"

#include <sysexits.h>

const char *const functional_name = "radius_requests";

#define LOGINS 8

/* The number after the n-th `key` in the log of requests; -1. */
static int64_t
number_after(const char *key, size_t n)
{
	const char *at = files_text(RADIUS_LOG);
	int64_t number = -1;

	for (size_t i = 0; at != NULL; i++) {
		at = strstr(at, key);
		if (at == NULL)
			break;
		at += strlen(key);
		if (i < n)
			continue;
		CHECK(text_number(at, strspn(at, "0123456789"), &number) ==
			0);
		break;
	}
	return number;
}

/* How many of the numbers are different, and how many are near the one
 * before. */
static size_t
different(const char *key, size_t *near)
{
	size_t count = 0;

	*near = 0;
	for (size_t i = 0; i < LOGINS; i++) {
		int64_t number = number_after(key, i);
		bool seen = false;

		CHECK(number >= 0);
		for (size_t j = 0; j < i; j++)
			seen = seen || number_after(key, j) == number;
		count += !seen;
		if (i > 0 && llabs(number - number_after(key, i - 1)) <= 4)
			(*near)++;
	}
	return count;
}

/* P22: the source port and the identifier cannot be foreseen; what is sent
 * again is the same packet. */
static void
test_unforeseeable(void)
{
	struct server s;
	size_t near;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=1", "radius.retries=2"))
		return;
	for (int i = 0; i < LOGINS; i++)
		CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK(different("from=", &near) >= LOGINS - 2);
	CHECK(near <= 2);
	CHECK(different("id=", &near) >= LOGINS - 3);
	CHECK(near <= 4);
	radius_stop(radius);
	files_write_text(RADIUS_LOG, "");
	radius = radius_serve(1812, RADIUS_RECOVERS);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(number_after("from=", 2), number_after("from=", 0));
	CHECK_NUMBER(number_after("id=", 2), number_after("id=", 0));
	server_stop(&s);
	radius_stop(radius);
}

/* A challenge needs no text. */
static void
test_wordless_challenge(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_users[RADIUS_TOKEN].challenge = "";
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	CHECK(strlen(c.text) > 4);
	EXPECT(&c, 230, "ACCT 4711");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* After dead_time, a server that did not answer has its place again. */
static void
test_dead_time(void)
{
	struct server s;

	radius_prepare();
	pid_t first = radius_serve(1812, RADIUS_SILENT);
	pid_t second = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.servers=127.0.0.1 127.0.0.1:1813",
		"radius.timeout=1", "radius.retries=0", "radius.dead_time=3"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	int64_t dead = clock_ms();
	CHECK_NUMBER(radius_times(1812, "access"), 1);
	radius_stop(first);
	first = radius_serve(1812, RADIUS_GOOD);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	if (clock_ms() - dead < 2500)
		CHECK_NUMBER(radius_times(1812, "access"), 1);
	clock_sleep_until(dead + 3100);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_NUMBER(radius_times(1812, "access"), 2);
	CHECK_LOGGED(0, "info radius: RADIUS server 127.0.0.1 answers again");
	server_stop(&s);
	radius_stop(first);
	radius_stop(second);
}

/* P22: a RADIUS server is not asked about anonymous users, whatever it would
 * say. */
static void
test_anonymous(void)
{
	static const char *const names[] = { "anonymous", "ftp", "ANONYMOUS" };
	static const char *const explain[] = { "-C", SERVER_CONFIG,
		"--explain-login", "ftp", NULL };
	struct ctl_result r;
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		radius_prepare();
		radius_users[RADIUS_VIRT].name = names[i];
		pid_t radius = radius_serve(1812, RADIUS_GOOD);
		if (!SERVER(&s, RADIUS_ON))
			return;
		check_refused(names[i], "pw-1", "anonymous logins are off, "
			"and RADIUS servers are not asked about them");
		CHECK_NUMBER(radius_times(1812, "access"), 0);
		server_stop(&s);
		radius_stop(radius);
	}
	server_configure("[auth]\nbackends = radius\n[radius]\n"
		"servers = 127.0.0.1\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, explain),
		EX_NOPERM);
	CHECK_HAS(r.out, "anonymous logins are off");
}

/* Without a password the server cannot be asked, so a certificate alone is not
 * enough, and nothing is sent. */
static void
test_certificates_alone(void)
{
	static const char *const explain[] = { "-C", SERVER_CONFIG,
		"-o", "auth.backends=radius", "-o", "radius.servers=127.0.0.1",
		"-o", "tls.login_with=certificate",
		"-o", "tls.client_certificate=request",
		"-o", "tls.client_ca=" CERTS "ca.pem",
		"--explain-login", "anna", "--tls", NULL };
	struct ctl_result r;
	struct server s;
	struct ftps t;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!FTPS_SERVER(&s, RADIUS_ON, "tls.login_with=certificate",
		    "tls.client_certificate=request",
		    "tls.client_ca=" CERTS "ca.pem"))
		return;
	ftps_init(&t);
	t.certificate = CERTS "anna.pem";
	CHECK(ftps_begin(&t) && ftps_handshake(&t));
	CHECK_NUMBER(ftp_login(&t.c, "anna", "pw-2"), 530);
	ftp_close(&t.c);
	CHECK_LOGGED(0, "* user=anna login failed: login_with: accounts of "
		"RADIUS need a password");
	CHECK_NUMBER(radius_times(1812, "access"), 0);
	ctl_run_program(&r, WORLD_SERVER, NULL, explain);
	CHECK_TEXT(r.err, "");
	CHECK_HAS(r.out, "login_with: accounts of RADIUS need a password");
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "P22: ports and identifiers", test_unforeseeable },
	{ "a challenge without a text", test_wordless_challenge },
	{ "P22: anonymous users", test_anonymous },
	{ "a server comes back after dead_time", test_dead_time },
	{ "certificates alone", test_certificates_alone },
	CU_TEST_INFO_NULL,
};
