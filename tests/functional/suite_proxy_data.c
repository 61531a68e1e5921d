/*
 * suite_proxy_data.c - data connections of clients behind a proxy.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/proxied.h"

#include <sys/socket.h>

const char *const functional_name = "proxy data";

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

/* Data connections that bypass the proxy, by setting. */
static void
test_direct_data(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, BEHIND, "limits.data_connect_timeout=1"))
		return;
	CHECK_NUMBER(proxied_connect(&c, "127.0.0.9"), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	c.from = "127.0.0.9";
	CHECK(ftp_put(&c, "x", 1, "STOR f") != 226);
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, BEHIND, "listener.proxy_data=client",
	    "limits.data_connect_timeout=1"))
		return;
	CHECK_NUMBER(proxied_connect(&c, "127.0.0.9"), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	c.from = "127.0.0.9";
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	c.from = PROXY;
	CHECK(ftp_put(&c, "x", 1, "STOR f") != 226);
	ftp_close(&c);
	server_stop(&s);
}

#define WITH_HEADER BEHIND, "listener.proxy_data=header", \
	"limits.data_connect_timeout=2"

/* A data connection from this address that begins with these bytes. */
static bool
open_data(struct ftp *c, const char *from, const char *header, size_t len)
{
	c->data = network_connect(FTP_HOST, ftp_port(c), from);
	return CHECK(c->data >= 0) &&
	    (len == 0 || ftp_data_send(c, header, len) == len);
}

static void
check_stored(struct ftp *c, const char *text)
{
	CHECK_NUMBER(ftp_command(c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(c, text, strlen(text)), strlen(text));
	CHECK_NUMBER(ftp_finish(c), 226);
	CHECK_FILE("/home/anna/f", text);
}

static void
test_data_header(void)
{
	static const char v1[] = "PROXY TCP4 192.0.2.7 192.0.2.21 9 50000\r\n";
	static const char v2[] = SIGNATURE "\x21\x11\0\x0c" "\xc0\0\x02\x07"
		"\xc0\0\x02\x15" "\0\x09\xc3\x50";
	struct server s;
	struct ftp c;

	if (!SERVER(&s, WITH_HEADER))
		return;
	CHECK_NUMBER(proxied_connect(&c, "192.0.2.7"), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 229, "EPSV");
	if (open_data(&c, PROXY, v1, sizeof(v1) - 1))
		check_stored(&c, "version 1");
	EXPECT(&c, 229, "EPSV");
	if (open_data(&c, PROXY, v2, sizeof(v2) - 1))
		check_stored(&c, "version 2");
	/* In pieces, of which the last comes after the command. */
	EXPECT(&c, 229, "EPSV");
	if (open_data(&c, PROXY, v1, 20)) {
		CHECK(ftp_send_text(&c, "STOR f\r\n"));
		CHECK(!ftp_replies_within(&c, 200));
		CHECK(ftp_data_send(&c, v1 + 20, sizeof(v1) - 21) > 0);
		EXPECT_REPLY(&c, 150);
		CHECK_NUMBER(ftp_data_send(&c, "pieces", 6), 6);
		CHECK_NUMBER(ftp_finish(&c), 226);
		CHECK_FILE("/home/anna/f", "pieces");
	}
	ftp_close(&c);
	server_stop(&s);
}

/* Each is closed, and the session waits for the right one, until its time is
 * over or ABOR comes. */
static void
test_wrong_data_headers(void)
{
	static const struct {
		const char *from, *header;
	} wrong[] = {
		{ PROXY, "PROXY TCP4 192.0.2.8 192.0.2.21 9 50000\r\n" },
		{ PROXY, "PROXY UNKNOWN\r\n" },
		{ PROXY, "not a header at all" },
		{ "127.0.0.9", "PROXY TCP4 192.0.2.7 192.0.2.21 9 50000\r\n" },
	};
	static const char right[] =
		"PROXY TCP4 192.0.2.7 192.0.2.21 9 50000\r\n";
	struct server s;
	struct ftp c;

	if (!SERVER(&s, WITH_HEADER))
		return;
	CHECK_NUMBER(proxied_connect(&c, "192.0.2.7"), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		char byte;

		EXPECT(&c, 229, "EPSV");
		if (!open_data(&c, wrong[i].from, wrong[i].header,
		    strlen(wrong[i].header)))
			return;
		int stranger = c.data;
		if (open_data(&c, PROXY, right, sizeof(right) - 1))
			check_stored(&c, "right");
		CHECK_SAYS(recv(stranger, &byte, 1, 0) <= 0, "not closed: %s",
			wrong[i].header);
		close(stranger);
	}
	EXPECT(&c, 229, "EPSV");
	CHECK(open_data(&c, PROXY, right, 10));
	EXPECT(&c, 425, "STOR f");
	ftp_data_close(&c);
	EXPECT(&c, 229, "EPSV");
	CHECK(open_data(&c, PROXY, right, 10));
	CHECK(ftp_send_text(&c, "STOR f\r\nABOR\r\n"));
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "data connections past the proxy", test_direct_data },
	{ "data connections with a header", test_data_header },
	{ "data connections with wrong headers", test_wrong_data_headers },
	CU_TEST_INFO_NULL,
};
