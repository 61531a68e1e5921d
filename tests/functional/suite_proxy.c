/*
 * suite_proxy.c - clients behind a proxy that names them by the PROXY protocol.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/proxied.h"

const char *const functional_name = "proxy";

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static struct ctl_result r;

static void
test_login(void)
{
	struct server s;
	struct ftp c;
	size_t len = 0;

	if (!SERVER(&s, BEHIND))
		return;
	CHECK_NUMBER(proxied_connect(&c, "192.0.2.7"), 220);
	CHECK_LOGGED(0, "info session=1 peer=192.0.2.7 connected to *");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_LOGGED(0, "info session=1 peer=192.0.2.7 user=anna login, *");
	CHECK_NUMBER(CTL(&r, "who"), 0);
	CHECK_HAS(ctl_line_with(r.out, "anna"), "192.0.2.7:4711");
	/* Passive data connections come from the proxy. */
	CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR f"), 226);
	char *text = ftp_get(&c, &len, "RETR f");
	CHECK(text != NULL && len == 5 && memcmp(text, "hello", 5) == 0);
	free(text);
	CHECK_LOGGED(0, "info session=1 peer=192.0.2.7 user=anna download "
		"of *");
	ftp_close(&c);
	CHECK_LOGGED(0, "info session=1 peer=192.0.2.7 user=anna session "
		"ended: *");
	/* Nothing was logged about the proxy as a client. */
	CHECK_NUMBER(logged_times(0, "*peer=" PROXY " *"), 0);
	CHECK_NUMBER(proxied_connect(&c, "2001:db8::7"), 220);
	CHECK_LOGGED(0, "info session=2 peer=2001:db8::7 connected to *");
	ftp_close(&c);
	server_stop(&s);
}

/* Limits, networks and bans are those of the clients. */
static void
test_admission(void)
{
	struct server s;
	struct ftp c[3];

	if (!SERVER(&s, BEHIND, "limits.max_per_ip=2", "limits.ban_after=2",
	    "listener.deny_from=198.51.100.0/24"))
		return;
	CHECK_NUMBER(proxied_connect(&c[0], "192.0.2.7"), 220);
	CHECK_NUMBER(proxied_connect(&c[1], "192.0.2.7"), 220);
	CHECK_NUMBER(proxied_connect(&c[2], "192.0.2.7"), 421);
	CHECK_HAS(c[2].text, "Too many connections from your address");
	CHECK(ftp_is_closed(&c[2]));
	ftp_close(&c[2]);
	CHECK_LOGGED(0, "warning session=3 peer=192.0.2.7 connection refused: "
		"max_per_ip reached");
	CHECK_NUMBER(proxied_connect(&c[2], "192.0.2.8"), 220);
	ftp_close(&c[0]);
	ftp_close(&c[1]);
	ftp_close(&c[2]);
	CHECK_NUMBER(proxied_connect(&c[0], "198.51.100.9"), 421);
	ftp_close(&c[0]);
	/* As a proxy with a socket for both protocols writes it. */
	CHECK_NUMBER(proxied_connect(&c[0], "::ffff:198.51.100.9"), 421);
	ftp_close(&c[0]);
	CHECK_NUMBER(proxied_connect(&c[0], "192.0.2.9"), 220);
	CHECK_NUMBER(ftp_login(&c[0], "anna", "one"), 530);
	CHECK_NUMBER(ftp_login(&c[0], "anna", "two"), 530);
	ftp_close(&c[0]);
	CHECK_LOGGED(0, "* banned 192.0.2.9 for 10m: too many failures");
	CHECK_NUMBER(proxied_connect(&c[0], "192.0.2.9"), 421);
	CHECK_HAS(c[0].text, "banned");
	ftp_close(&c[0]);
	CHECK_NUMBER(proxied_connect(&c[0], "192.0.2.10"), 220);
	ftp_close(&c[0]);
	server_stop(&s);
}

static bool
send_v2(struct ftp *c, uint8_t command, uint8_t family, const void *body,
	size_t len)
{
	uint8_t head[16] = { 0 };

	memcpy(head, SIGNATURE, 12);
	head[12] = command;
	head[13] = family;
	head[14] = (uint8_t)(len >> 8);
	head[15] = (uint8_t)len;
	return ftp_send(c, head, sizeof(head)) &&
	    (len == 0 || ftp_send(c, body, len));
}

static void
test_version_2(void)
{
	/* 192.0.2.77 port 4711 to 192.0.2.21 port 21, and an extension. */
	static const uint8_t four[] = { 192, 0, 2, 77, 192, 0, 2, 21,
		0x12, 0x67, 0, 21, 0x04, 0, 3, 'x', 'y', 'z' };
	static const uint8_t six[36] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x77 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND))
		return;
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x21, 0x11, four,
		sizeof(four)));
	CHECK_NUMBER(ftp_reply(&c), 220);
	CHECK_LOGGED(0, "info session=1 peer=192.0.2.77 connected to *");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x21, 0x21, six,
		sizeof(six)));
	CHECK_NUMBER(ftp_reply(&c), 220);
	CHECK_LOGGED(0, "info session=2 peer=2001:db8::77 connected to *");
	ftp_close(&c);
	/* Its own check of the server's health. */
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x20, 0x00, NULL, 0));
	CHECK_NUMBER(ftp_reply(&c), 220);
	CHECK_LOGGED(0, "info session=3 peer=" PROXY " connected to *");
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) &&
		ftp_send_text(&c, "PROXY UNKNOWN\r\n"));
	CHECK_NUMBER(ftp_reply(&c), 220);
	CHECK_LOGGED(0, "info session=4 peer=" PROXY " connected to *");
	ftp_close(&c);
	server_stop(&s);
}

/* The longest line that the protocol knows: 107 bytes with its end. */
static void
test_longest(void)
{
	const char *host = "2001:0db8:0000:0000:0000:0000:0000:0077";
	char line[128];
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND))
		return;
	int len = snprintf(line, sizeof(line), "PROXY UNKNOWN %s %s 65535 "
		"65535\r\n", host, host);
	CHECK_NUMBER(len, 107);
	CHECK(proxied_open(&c, PROXY) && ftp_send_text(&c, line));
	CHECK_NUMBER(ftp_reply(&c), 220);
	ftp_close(&c);
	(void)!snprintf(line, sizeof(line), "PROXY UNKNOWN %s %s 65535 "
		"65535 \r\n", host, host);
	CHECK(proxied_open(&c, PROXY) && ftp_send_text(&c, line));
	CHECK(ftp_is_closed(&c));
	CHECK_LOGGED(0, "* greeter: PROXY header: malformed");
	ftp_close(&c);
	/* A health check that only connects is nothing to be warned of. */
	size_t mark = logged_mark();
	CHECK(proxied_open(&c, PROXY));
	ftp_close(&c);
	CHECK_LOGGED(mark, "info * greeter: PROXY header: the connection was "
		"closed before its end");
	server_stop(&s);
}

static void
test_malformed(void)
{
	static const char *const lines[] = {
		"USER anna\r\nPASS x\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.21 4711\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.21 4711 21 \r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.21 4711 65536\r\n",
		"PROXY TCP4 2001:db8::1 2001:db8::2 4711 21\r\n",
		"PROXY TCP6 192.0.2.7 192.0.2.21 4711 21\r\n",
		"PROXY TCP4 192.0.2.7.8 192.0.2.21 4711 21\r\n",
		"PROXY TCP6 fe80::1%1 2001:db8::2 4711 21\r\n",
		"PROXY TCP4  192.0.2.7 192.0.2.21 4711 21\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.21 4711 21\n",
		"PROXY UDP4 192.0.2.7 192.0.2.21 4711 21\r\n",
		("PROXY UNKNOWN 0123456789012345678901234567890123456789012345"
		"6789012345678901234567890123456789012345678901234567890\r\n"),
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND, "limits.ban_after=1"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		CHECK(proxied_open(&c, PROXY) && ftp_send_text(&c, lines[i]));
		CHECK_SAYS(ftp_is_closed(&c), "not closed: %s", lines[i]);
		ftp_close(&c);
		CHECK_LOGGED(0, "warning session=%zu peer=" PROXY " greeter: "
			"PROXY header: malformed", i + 1);
	}
	/* Of version 2: a wrong command, family, and length. */
	static const uint8_t zeros[4096];
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x22, 0x11, zeros, 12));
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x21, 0x31, zeros, 216));
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x21, 0x11, zeros, 11));
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) && send_v2(&c, 0x21, 0x11, zeros, 4096));
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	/* Nothing of this bans the proxy. */
	CHECK_NUMBER(proxied_connect(&c, "192.0.2.7"), 220);
	ftp_close(&c);
	server_stop(&s);
}

/* In pieces it is read as well, but not for ever. */
static void
test_slow(void)
{
	static const char line[] = "PROXY TCP4 192.0.2.7 192.0.2.21 1 21\r\n";
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND))
		return;
	CHECK(proxied_open(&c, PROXY));
	for (size_t i = 0; line[i] != '\0'; i++) {
		CHECK(ftp_send(&c, line + i, 1));
		usleep(2000);
	}
	CHECK_NUMBER(ftp_reply(&c), 220);
	ftp_close(&c);
	CHECK(proxied_open(&c, PROXY) && ftp_send(&c, line, 20));
	CHECK(ftp_is_closed(&c));
	CHECK_LOGGED(0, "warning session=2 peer=" PROXY " greeter: PROXY "
		"header: not received in time");
	ftp_close(&c);
	server_stop(&s);
}

static bool
is_served(void *context UNUSED)
{
	return procs_serving(PROCS_GREETER) > 1;
}

/* The server stops meanwhile: nothing is wrong with the header. */
static void
test_stopped(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND) || !CHECK(proxied_open(&c, PROXY)))
		return;
	CHECK(wait_until(is_served, NULL, 5000));
	server_stop(&s);
	CHECK(ftp_is_closed(&c));
	CHECK_LOGGED(0, "info shut down");
	CHECK_NUMBER(logged_times(0, "*PROXY header*"), 0);
	ftp_close(&c);
}

static void
test_untrusted(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND))
		return;
	CHECK(proxied_open(&c, "127.0.0.9"));
	CHECK(ftp_send_text(&c, "PROXY TCP4 192.0.2.7 192.0.2.21 1 21\r\n"));
	CHECK_NUMBER(ftp_reply(&c), 421);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.9 connection refused: "
		"not a trusted proxy (proxy_from)");
	CHECK_NUMBER(logged_times(0, "*192.0.2.7*"), 0);
	server_stop(&s);
	/* Without the setting it is a line like any other. */
	if (!SERVER(&s) || !proxied_open(&c, PROXY))
		return;
	CHECK_NUMBER(ftp_reply(&c), 220);
	CHECK_NUMBER(ftp_command(&c, "PROXY TCP4 192.0.2.7 192.0.2.21 1 21"),
		500);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a client behind a proxy", test_login },
	{ "limits and bans are the client's", test_admission },
	{ "version 2", test_version_2 },
	{ "the longest line", test_longest },
	{ "malformed headers", test_malformed },
	{ "slow headers", test_slow },
	{ "the server stops before the header", test_stopped },
	{ "untrusted proxies", test_untrusted },
	CU_TEST_INFO_NULL,
};
