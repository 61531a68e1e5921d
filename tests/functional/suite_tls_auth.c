/*
 * suite_tls_auth.c - the commands of RFC 4217 and RFC 2228: AUTH, PBSZ, PROT,
 * CCC, and command injection after them (row S69, rules R14 and R15).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"

const char *const functional_name = "tls_auth";

/* S69: SSL and TLS-P mean TLS; for them RFC 4217 has PROT P at once. */
static void
test_auth_names(void)
{
	static const char *const names[] = { "TLS", "TLS-C", "SSL", "TLS-P",
		"tls" };
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct ftps t;
		ftps_init(&t);
		CHECK_NUMBER(ftp_connect(&t.c), 220);
		EXPECT(&t.c, 234, "AUTH %s", names[i]);
		if (!CHECK_SAYS(ftps_handshake(&t), "%s: %s", names[i],
			    t.error))
			return;
		CHECK(ftps_login(&t, "anna"));
		CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_auth_refused(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 504, "AUTH KERBEROS_V4");
	EXPECT(&t.c, 504, "AUTH TLSX");
	EXPECT(&t.c, 501, "AUTH");
	EXPECT(&t.c, 503, "PBSZ 0");
	EXPECT(&t.c, 503, "PROT P");
	EXPECT(&t.c, 530, "CCC");
	/* None of these had an effect. */
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	EXPECT(&t.c, 503, "AUTH TLS");
	/* REIN would have to end TLS (RFC 4217 13). */
	EXPECT(&t.c, 331, "USER anna");
	EXPECT(&t.c, 502, "REIN");
	EXPECT(&t.c, 230, "PASS anna-pass");
	EXPECT(&t.c, 502, "REIN");
	EXPECT(&t.c, 503, "AUTH TLS");
	ftp_close(&t.c);
	/* After a login without TLS (R14). */
	ftps_init(&t);
	ftp_enter(&t.c, "anna");
	EXPECT(&t.c, 503, "AUTH TLS");
	EXPECT(&t.c, 257, "PWD");
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_feat(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 211, "FEAT");
	CHECK_HAS(t.c.text, "\n AUTH TLS");
	CHECK_HAS(t.c.text, "\n PBSZ\n");
	CHECK_HAS(t.c.text, "\n PROT\n");
	CHECK_LACKS(t.c.text, "CCC");
	ftp_close(&t.c);
	server_stop(&s);
}

/* Without a certificate TLS is not offered. */
static void
test_without_certificate(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "AUTH");
	CHECK_LACKS(c.text, "PROT");
	EXPECT(&c, 502, "AUTH TLS");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

/* R14: USER before AUTH must be repeated. */
static void
test_user_forgotten(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 331, "USER anna");
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	EXPECT(&t.c, 503, "PASS anna-pass");
	CHECK(ftps_login(&t, "anna"));
	ftp_close(&t.c);
	server_stop(&s);
}

/* No cleartext command after AUTH is executed: only refusals, then the
 * connection is closed. */
static void
check_ends_unheard(struct ftp *c)
{
	while (ftp_reply(c) > 0)
		CHECK_SAYS(c->code == 234 || c->code >= 400, "%s", c->text);
	CHECK_NUMBER(c->code, 0);
}

static void
check_violation(size_t session)
{
	CHECK_LOGGED(0, "warning session=%zu peer=127.0.0.1 greeter: cleartext "
		"received after AUTH: session ended", session);
	CHECK_LOGGED(0, "info session=%zu peer=127.0.0.1 session ended: "
		"protocol violation after * s", session);
}

static void
test_injection(void)
{
	static const char *const behind[] = {
		"USER anna\r\nPASS anna-pass\r\nMKD made\r\n", "\r\n", "U",
		"AUTH TLS\r\n",
		/* telnet commands, cut and whole */
		"\xff", "\xff\xfa", "\xff\xfb", "\xff\xf1", "\xff\xfb\x01",
		"\xff\xfa\x18\x01\xff\xf0" };
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(behind); i++) {
		BUFFER(line, 200);
		struct ftp c;
		CHECK_NUMBER(ftp_connect(&c), 220);
		buffer_addf(&line, "AUTH TLS\r\n%s", behind[i]);
		ftp_send(&c, line.data, line.len);
		check_ends_unheard(&c);
		ftp_close(&c);
		check_violation(i + 1);
	}
	CHECK(!files_exist("/home/anna/made"));
	server_stop(&s);
}

/* The same for a complete ClientHello in the same packet. */
static void
test_hello_behind_auth(void)
{
	uint8_t packet[4096] = "AUTH TLS\r\n";
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	size_t len = ftps_client_hello(&t, packet + 10, sizeof(packet) - 10);
	CHECK(len > 100);
	ftp_send(&t.c, packet, 10 + len);
	check_ends_unheard(&t.c);
	ftp_close(&t.c);
	check_violation(1);
	server_stop(&s);
}

/* R14: between 234 and ClientHello. */
static void
test_clear_before_hello(void)
{
	static const char line[] = "USER anna\r\nPASS anna-pass\r\nNOOP\r\n";
	struct server s;
	struct ftp c;
	char got[512];
	size_t len = 0;

	if (!FTPS_SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 234, "AUTH TLS");
	ftp_send(&c, line, strlen(line));
	while (len < sizeof(got) - 1) {
		ssize_t n = recv(c.fd, got + len, sizeof(got) - 1 - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	got[len] = '\0';
	/* An alert at most. */
	CHECK_SAYS(len < 40, "%zu bytes came: %.400s", len, got);
	CHECK_SAYS(memmem(got, len, "331", 3) == NULL, "%s", got);
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 greeter: TLS "
		"handshake failed: client did not use TLS");
	server_stop(&s);
}

static void
test_pbsz_prot(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	EXPECT(&t.c, 503, "PROT P");
	EXPECT(&t.c, 501, "PBSZ");
	EXPECT(&t.c, 501, "PBSZ x");
	EXPECT(&t.c, 501, "PBSZ -1");
	EXPECT(&t.c, 501, "PBSZ 4294967296");
	EXPECT(&t.c, 503, "PROT P");
	EXPECT(&t.c, 200, "PBSZ 16384");
	CHECK_HAS(t.c.text, "PBSZ=0");
	EXPECT(&t.c, 200, "PBSZ 0");
	EXPECT(&t.c, 501, "PROT");
	EXPECT(&t.c, 536, "PROT S");
	EXPECT(&t.c, 536, "PROT E");
	EXPECT(&t.c, 504, "PROT X");
	EXPECT(&t.c, 504, "PROT PP");
	EXPECT(&t.c, 200, "PROT C");
	EXPECT(&t.c, 200, "PROT p");
	/* It stays in effect after login, and can be changed then (RFC
	 * 4217). */
	EXPECT(&t.c, 331, "USER anna");
	EXPECT(&t.c, 230, "PASS anna-pass");
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "STOR f"), 226);
	EXPECT(&t.c, 200, "PROT C");
	t.clear_data = true;
	CHECK_NUMBER(ftp_put(&t.c, "clear", 5, "STOR g"), 226);
	EXPECT(&t.c, 200, "PROT P");
	t.clear_data = false;
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "APPE g"), 226);
	CHECK(files_same("/home/anna/g", "clearprivate", 12));
	ftp_close(&t.c);
	/* The default is C (RFC 2228). */
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
	t.clear_data = true;
	CHECK_NUMBER(ftp_put(&t.c, "clear", 5, "STOR h"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_ccc(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 534, "CCC");
	EXPECT(&t.c, 257, "PWD");
	ftp_close(&t.c);
	server_stop(&s);

	if (!SERVER(&s, "tls.allow_ccc=yes"))
		return;
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	EXPECT(&t.c, 530, "CCC");
	CHECK(ftps_login(&t, "anna"));
	EXPECT(&t.c, 200, "CCC");
	CHECK(ftps_clear_control(&t));
	EXPECT(&t.c, 257, "PWD");
	EXPECT(&t.c, 200, "NOOP");
	/* Data connections stay as they were. */
	CHECK_NUMBER(ftp_put(&t.c, "private", 7, "STOR f"), 226);
	CHECK(t.resumed && files_same("/home/anna/f", "private", 7));
	EXPECT(&t.c, 533, "CCC");
	EXPECT(&t.c, 503, "AUTH TLS");
	EXPECT(&t.c, 221, "QUIT");
	CHECK(ftp_is_closed(&t.c));
	ftp_close(&t.c);
	server_stop(&s);
}

/* R15: a browser that was tricked into connecting. */
static void
test_http_inside(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	ftp_send_text(&t.c, "POST / HTTP/1.1\r\nHost: x\r\n\r\nUSER anna\r\n"
			    "PASS anna-pass\r\nMKD made\r\n");
	while (ftp_reply(&t.c) > 0)
		CHECK_SAYS(t.c.code >= 400, "it got %s", t.c.text);
	CHECK_NUMBER(t.c.code, 0);
	ftp_close(&t.c);
	CHECK(!files_exist("/home/anna/made"));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 session ended: protocol "
		"violation after * s");
	server_stop(&s);
}

/* Commands in one record after login, and the end in order. */
static void
test_pipelining_and_end(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	ftp_send_text(&t.c, "USER anna\r\nPASS anna-pass\r\nPBSZ 0\r\n"
			    "PROT P\r\nTYPE I\r\nNOOP\r\nQUIT\r\n");
	EXPECT_REPLY(&t.c, 331);
	EXPECT_REPLY(&t.c, 230);
	for (int i = 0; i < 4; i++)
		EXPECT_REPLY(&t.c, 200);
	EXPECT_REPLY(&t.c, 221);
	CHECK(ftp_is_closed(&t.c));
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	/* Before login, too. */
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	EXPECT(&t.c, 221, "QUIT");
	CHECK(ftp_is_closed(&t.c));
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "AUTH TLS and its other names", test_auth_names },
	{ "AUTH at the wrong time, or for something else",
		test_auth_refused },
	{ "FEAT lists the TLS commands", test_feat },
	{ "without a certificate the server works without TLS",
		test_without_certificate },
	{ "AUTH resets USER", test_user_forgotten },
	{ "commands after AUTH in the same packet end the session",
		test_injection },
	{ "a ClientHello in the same packet ends the session",
		test_hello_behind_auth },
	{ "cleartext commands after 234 are not executed",
		test_clear_before_hello },
	{ "PBSZ and PROT", test_pbsz_prot },
	{ "CCC only where it is allowed", test_ccc },
	{ "HTTP inside TLS ends the session", test_http_inside },
	{ "pipelined commands, and close_notify at the end",
		test_pipelining_and_end },
	CU_TEST_INFO_NULL,
};
