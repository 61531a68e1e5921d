/*
 * suite_data.c - addresses and ports of data connections.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

const char *const functional_name = "data";

static void
test_no_preparation(void)
{
	static const char *const lines[] = { "RETR f", "STOR g", "APPE g",
		"STOU", "LIST", "NLST", "MLSD" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "x", 1);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT(&c, 425, "%s", lines[i]);
	CHECK(!files_exist("/home/anna/g"));
	/* Each PASV serves one transfer. */
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR f"), 226);
	EXPECT(&c, 425, "RETR f");
	ftp_close(&c);
	server_stop(&s);
}

/* S38: inside the range, and not always the next one (rule R12). */
static void
test_passive_range(void)
{
	struct server s;
	struct ftp c;
	uint16_t port, last = 0;
	int jumps = 0;

	if (!SERVER(&s, "listener.passive_ports=20100-20199") ||
	    !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 40; i++) {
		if (i % 2 == 0)
			EXPECT(&c, 227, "PASV");
		else
			EXPECT(&c, 229, "EPSV");
		port = ftp_port(&c);
		CHECK_SAYS(port >= 20100 && port <= 20199, "port %u", port);
		jumps += port != last + 1 && last != port + 1;
		last = port;
	}
	CHECK_SAYS(jumps > 20, "the ports follow each other");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_range_used_up(void)
{
	struct server s;
	struct ftp c[3];

	if (!SERVER(&s, "listener.passive_ports=20100-20101"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		ftp_enter(&c[i], "anna");
	EXPECT(&c[0], 229, "EPSV");
	EXPECT(&c[1], 229, "EPSV");
	EXPECT(&c[2], 425, "EPSV");
	/* A new PASV replaces the session's own. */
	EXPECT(&c[0], 229, "EPSV");
	EXPECT(&c[2], 425, "PASV");
	ftp_close(&c[1]);
	CHECK(procs_wait_for_count(PROCS_SESSION, 2, 3000));
	EXPECT(&c[2], 229, "EPSV");
	ftp_close(&c[0]);
	ftp_close(&c[2]);
	server_stop(&s);
}

/* S36 */
static void
test_masquerade(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "listener.passive_address=198.51.100.7") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 227, "PASV");
	CHECK_HAS(c.text, "(198,51,100,7,");
	/* The configured address is announced, but the port is open on the real
	 * one. */
	int fd = network_connect(FTP_HOST, ftp_port(&c), NULL);
	CHECK(fd >= 0);
	close(fd);
	/* EPSV names no address. */
	EXPECT(&c, 229, "EPSV");
	CHECK_HAS(c.text, "(|||");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_address_of_reply(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	ftp_enter_to(&c, "127.0.0.3", NULL, "anna");
	EXPECT(&c, 227, "PASV");
	CHECK_HAS(c.text, "(127,0,0,3,");
	/* Only there, not on every address of the host. */
	uint16_t port = ftp_port(&c);
	CHECK(network_connect("127.0.0.1", port, NULL) < 0);
	ftp_close(&c);
	ftp_enter_to(&c, "::1", NULL, "anna");
	EXPECT(&c, 425, "PASV");
	EXPECT(&c, 229, "EPSV 2");
	EXPECT(&c, 522, "EPSV 1");
	CHECK_HAS(c.text, "(2)");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_epsv_all(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "EPSV ALL");
	EXPECT(&c, 503, "PASV");
	EXPECT(&c, 503, "PORT 127,0,0,1,8,0");
	EXPECT(&c, 503, "EPRT |1|127.0.0.1|2048|");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	EXPECT(&c, 503, "PASV");
	ftp_close(&c);
	server_stop(&s);
}

/* Another host connects to the passive port first: it is closed, and the client
 * still gets its data (rule R12). */
static void
test_thief(void)
{
	struct server s;
	struct ftp c;
	char data[16];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "mine", 4);
	EXPECT(&c, 229, "EPSV");
	uint16_t port = ftp_port(&c);
	int thief = network_connect(FTP_HOST, port, "127.0.0.66");
	CHECK(thief >= 0);
	ftp_send_text(&c, "RETR f\r\n");
	CHECK_NUMBER(recv(thief, data, sizeof(data), 0), 0);
	close(thief);
	c.data = network_connect(FTP_HOST, port, NULL);
	EXPECT_REPLY(&c, 150);
	CHECK_NUMBER(ftp_data_read(&c, data, sizeof(data)), 4);
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* S34: the bounce attack of RFC 2577. */
static void
test_foreign_port(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	ftp_enter(&c, "anna");
	files_write_as("anna", "/home/anna/f", "x", 1);
	EXPECT(&c, 504, "PORT 127,0,0,2,8,0");
	EXPECT(&c, 504, "EPRT |1|192.0.2.1|2048|");
	EXPECT(&c, 504, "PORT 0,0,0,0,8,0");
	/* The refusal also cancels the previous preparation. */
	EXPECT(&c, 200, "PORT 127,0,0,1,8,0");
	EXPECT(&c, 504, "PORT 127,0,0,2,8,0");
	EXPECT(&c, 425, "RETR f");
	static const struct {
		const char *line;
		int code;
	} unreadable[] = { { "PORT 1,2,3", 501 }, { "EPRT |1|x|", 501 },
		{ "EPRT |9|127.0.0.1|2048|", 522 } };
	for (size_t i = 0; i < ARRAY_SIZE(unreadable); i++) {
		EXPECT(&c, 229, "EPSV");
		EXPECT(&c, unreadable[i].code, "%s", unreadable[i].line);
		EXPECT(&c, 425, "RETR f");
	}
	EXPECT(&c, 522, "EPRT |2|::1|2048|");
	ftp_close(&c);
	ftp_enter_to(&c, "::1", NULL, "anna");
	CHECK(ftp_command(&c, "EPRT |2|" WORLD_IPV6 "|2048|") == 504);
	/* A foreign IPv4 address, as an IPv4-mapped IPv6 address. */
	EXPECT(&c, 522, "EPRT |2|::ffff:127.0.0.1|2048|");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "listener.allow_fxp=yes"))
		return;
	ftp_enter(&c, "anna");
	uint16_t port = 0;
	int listener = network_listen("127.0.0.2", &port);
	EXPECT(&c, 200, "PORT 127,0,0,2,%u,%u", port >> 8, port & 255);
	ftp_send_text(&c, "RETR f\r\n");
	int fd = network_accept(listener, NULL);
	CHECK(fd >= 0);
	EXPECT_REPLY(&c, 150);
	close(fd);
	close(listener);
	ftp_close(&c);
	server_stop(&s);
}

/* S35, and the server's own port. */
static void
test_low_ports(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 504, "PORT 127,0,0,1,0,25");
	EXPECT(&c, 504, "PORT 127,0,0,1,3,255");
	EXPECT(&c, 504, "EPRT |1|127.0.0.1|1023|");
	EXPECT(&c, 200, "PORT 127,0,0,1,4,0");
	EXPECT(&c, 501, "PORT 127,0,0,1,0,0");
	ftp_close(&c);
	server_stop(&s);

	/* All of its ports. */
	if (!SERVER(&s, "listener.port=21", "listener second.port=2121",
	    "listener third.port=2122", "listener third.address=127.0.0.3") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 504, "PORT 127,0,0,1,8,73");
	EXPECT(&c, 504, "EPRT |1|127.0.0.1|2121|");
	EXPECT(&c, 200, "PORT 127,0,0,1,8,74");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "listener.allow_privileged_ports=yes") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "PORT 127,0,0,1,0,25");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_source_port(void)
{
	struct server s;
	struct ftp c, other;
	struct sockaddr_storage peer;
	uint16_t port = 0;
	char data[8];

	if (!SERVER(&s, "listener.active_source_port=20") ||
	    !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "x", 1);
	/* Twice to the same port, whose last connection may be in TIME_WAIT. */
	int listener = network_listen(FTP_HOST, &port);
	for (int i = 0; i < 3; i++) {
		EXPECT(&c, 200, "EPRT |1|127.0.0.1|%u|", port);
		ftp_send_text(&c, "RETR f\r\n");
		int fd = network_accept(listener, &peer);
		CHECK(fd >= 0);
		CHECK_NUMBER(network_port(&peer), 20);
		EXPECT_REPLY(&c, 150);
		CHECK_NUMBER(recv(fd, data, sizeof(data), 0), 1);
		close(fd);
		EXPECT_REPLY(&c, 226);
	}
	/* Another session has the connection between these ports. */
	if (!ftp_enter(&other, "anna"))
		return;
	EXPECT(&c, 200, "EPRT |1|127.0.0.1|%u|", port);
	ftp_send_text(&c, "STOR f\r\n");
	int fd = network_accept(listener, &peer);
	EXPECT_REPLY(&c, 150);
	EXPECT(&other, 200, "EPRT |1|127.0.0.1|%u|", port);
	EXPECT(&other, 425, "NLST");
	CHECK_HAS(other.text, "an earlier connection still uses these ports");
	close(fd);
	EXPECT_REPLY(&c, 226);
	ftp_close(&other);
	close(listener);
	for (int mode = FTP_EPRT; mode <= FTP_PORT; mode++) {
		c.mode = (enum ftp_mode)mode;
		CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR g"), 226);
	}
	ftp_close(&c);
	server_stop(&s);
}

static void
test_nobody_listens(void)
{
	struct server s;
	struct ftp c;
	uint16_t port = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	int listener = network_listen(FTP_HOST, &port);
	close(listener);
	EXPECT(&c, 200, "EPRT |1|127.0.0.1|%u|", port);
	EXPECT(&c, 425, "STOR f");
	CHECK_LOGGED(0, "*no data connection to 127.0.0.1 port %u: "
		"Connection refused", port);
	CHECK(!files_exist("/home/anna/f"));
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_modes_switched_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "listener.allow_passive=no") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 502, "PASV");
	EXPECT(&c, 502, "EPSV");
	c.mode = FTP_PORT;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, "listener.allow_active=no") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 502, "PORT 127,0,0,1,8,0");
	EXPECT(&c, 502, "EPRT |1|127.0.0.1|2048|");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a transfer without PASV or PORT gets 425", test_no_preparation },
	{ "passive ports come from the range, at random",
		test_passive_range },
	{ "a range that is used up gets 425 and recovers",
		test_range_used_up },
	{ "PASV can name another address", test_masquerade },
	{ "PASV listens where the client is connected",
		test_address_of_reply },
	{ "EPSV ALL holds for the session", test_epsv_all },
	{ "a connection from another host to the passive port is closed",
		test_thief },
	{ "PORT to another host is refused, or allowed by allow_fxp",
		test_foreign_port },
	{ "PORT below 1024 is refused, or allowed by setting",
		test_low_ports },
	{ "active connections can come from port 20", test_source_port },
	{ "a closed client port gets 425 and creates no file",
		test_nobody_listens },
	{ "either mode can be switched off", test_modes_switched_off },
	CU_TEST_INFO_NULL,
};
