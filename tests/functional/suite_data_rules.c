/*
 * suite_data_rules.c - settings of data connections: the address in PASV,
 * allowed peers, the ports of sessions.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/address.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

const char *const functional_name = "data rules";

/* What PASV announces to a client from this address. */
static void
check_announced(const char *server, const char *from, const char *wanted)
{
	struct ftp c;

	if (!ftp_enter_to(&c, server, from, "anna"))
		return;
	EXPECT(&c, 227, "PASV");
	CHECK_HAS(c.text, wanted);
	ftp_close(&c);
}

/* S37: by the client's network, then by the server's address. */
static void
test_masquerade_rules(void)
{
	struct server s;

	if (!SERVER(&s, "listener.passive_address=198.51.100.7",
	    "listener.passive_address_for=127.0.0.8/30 198.51.100.8",
	    "listener.passive_address_map=127.0.0.3 203.0.113.3"))
		return;
	check_announced(FTP_HOST, "127.0.0.9", "(198,51,100,8,");
	check_announced(FTP_HOST, "127.0.0.2", "(198,51,100,7,");
	check_announced("127.0.0.3", "127.0.0.2", "(203,0,113,3,");
	check_announced("127.0.0.3", "127.0.0.9", "(198,51,100,8,");
	server_stop(&s);

	if (!SERVER(&s, "listener.passive_address=198.51.100.7",
	    "listener.passive_address_for=127.0.0.12 local"))
		return;
	check_announced(FTP_HOST, "127.0.0.12", "(127,0,0,1,");
	check_announced(FTP_HOST, "127.0.0.9", "(198,51,100,7,");
	server_stop(&s);
}

static bool
announces(void *context)
{
	struct ftp *c = context;

	return ftp_command(c, "PASV") == 227 &&
	    strstr(c->text, "(198,51,100,77,") != NULL;
}

/* A host name is looked up in the background, periodically. */
static void
test_name(void)
{
	struct server s;
	struct ftp c;

	files_append_text("/etc/hosts", "198.51.100.76 outside.test\n");
	if (!SERVER(&s, "listener.passive_address=outside.test",
	    "listener.passive_address_for=127.0.0.9 unknown.test",
	    "server.name_refresh_interval=5") || !ftp_enter(&c, "anna"))
		return;
	CHECK(procs_wait_for_count("sureftpd-dns", 1, 3000));
	/* The address changes. */
	files_write_text("/etc/hosts", "198.51.100.77 outside.test\n");
	CHECK(wait_until(announces, &c, 15000));
	EXPECT(&c, 229, "EPSV");
	ftp_close(&c);
	/* An unknown name. */
	ftp_enter_to(&c, FTP_HOST, "127.0.0.9", "anna");
	EXPECT(&c, 425, "PASV");
	EXPECT(&c, 229, "EPSV");
	ftp_close(&c);
	server_stop(&s);
}

/* nat-check shows what clients would get, without a client. */
static void
test_nat_check(void)
{
	struct server s;
	struct ctl_result r;

	server_configure("[listener]\npassive_address = 192.168.7.1\n"
		"passive_address_for = 10.0.0.0/8 local\n"
		"passive_ports = 10000-10009\n");
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "nat-check"), 1);
	CHECK_HAS(r.out, "PASV to clients from 10.0.0.0/8: the address they "
		"connected to\n");
	CHECK_HAS(r.out, "PASV to all other clients: 192.168.7.1\n");
	CHECK_HAS(r.out, "warning: 192.168.7.1 is a private address");
	CHECK_HAS(r.out, "passive ports: 10000-10009 (10)\n");
	CHECK_HAS(r.out, "warning: fewer ports than max_clients (512)");
	CHECK_LACKS(r.out, "cannot be used");
	uint16_t port = 10003;
	int other = network_listen("0.0.0.0", &port);
	CHECK_NUMBER(CTL(&r, "nat-check"), 1);
	CHECK_HAS(r.out, "warning: 1 of these ports cannot be used");
	close(other);
	server_stop(&s);
}

static void
test_nat_check_without_max_clients(void)
{
	struct server s;
	struct ctl_result r;

	server_configure("[limits]\nmax_clients = 0\n"
		"[listener]\npassive_ports = 10000-10009\n");
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "nat-check"), 1);
	CHECK_HAS(r.out, "warning: max_clients is 0 (no limit)");
	CHECK_LACKS(r.out, "fewer ports");
	server_stop(&s);
}

/* A transfer goes to 127.0.0.LAST, which is not the client's address. */
static void
check_foreign_target(unsigned last)
{
	struct ftp c;
	char target[32];
	uint16_t port = 0;

	if (!ftp_enter(&c, "anna"))
		return;
	snprintf(target, sizeof(target), "127.0.0.%u", last);
	int listener = network_listen(target, &port);
	EXPECT(&c, 200, "PORT 127,0,0,%u,%u,%u", last, port >> 8, port & 255);
	ftp_send_text(&c, "RETR f\r\n");
	int fd = network_accept(listener, NULL);
	CHECK(fd >= 0);
	EXPECT_REPLY(&c, 150);
	close(fd);
	close(listener);
	ftp_close(&c);
}

/* allow_fxp with networks: from and to these only. */
static void
test_fxp_networks(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "listener.allow_fxp=127.0.0.8/30 192.0.2.0/24",
	    "limits.data_connect_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "x", 1);
	EXPECT(&c, 504, "PORT 127,0,0,2,200,1");
	EXPECT(&c, 504, "PORT 127,0,0,12,200,1");
	CHECK_LOGGED(0, "warning *PORT to 127.0.0.12 refused: it is not the "
		"client's address, nor in allow_fxp");
	EXPECT(&c, 200, "PORT 192,0,2,1,200,1");
	EXPECT(&c, 200, "PORT 127,0,0,1,200,1");
	EXPECT(&c, 229, "EPSV");
	uint16_t port = ftp_port(&c);
	int stranger = network_connect(FTP_HOST, port, "127.0.0.2");
	EXPECT(&c, 425, "RETR f");
	CHECK_HAS(c.text, "; one from another address was refused.");
	CHECK_LOGGED(0, "*no data connection to 127.0.0.1 port %u within "
		"data_connect_timeout; one from 127.0.0.2 was refused",
		port);
	close(stranger);
	EXPECT(&c, 229, "EPSV");
	int other = network_connect(FTP_HOST, ftp_port(&c), "127.0.0.11");
	EXPECT(&c, 150, "RETR f");
	EXPECT_REPLY(&c, 226);
	close(other);
	ftp_close(&c);
	check_foreign_target(9);
	server_stop(&s);
}

/* Each session gets its own port immediately, even if most of the range is in
 * use. The range is none of those from which the kernel takes the clients' own
 * ports. */
static void
test_shared_range(void)
{
	enum { CLIENTS = 20 };
	struct server s;
	struct ftp c[CLIENTS];
	bool seen[CLIENTS] = { false };

	if (!SERVER(&s, "listener.passive_ports=20100-20119"))
		return;
	for (int i = 0; i < CLIENTS; i++)
		ftp_enter(&c[i], "anna");
	for (int i = 0; i < CLIENTS; i++) {
		EXPECT(&c[i], 229, "EPSV");
		unsigned port = ftp_port(&c[i]);
		if (!CHECK_SAYS(port >= 20100 && port < 20100 + CLIENTS &&
		    !seen[port - 20100], "port %u", port))
			break;
		seen[port - 20100] = true;
	}
	for (int i = 0; i < CLIENTS; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* The seconds until the kernel's keepalive timer of an established connection
 * from this port of the server to that one fires; -1 without a timer, -2
 * without such a connection or while another timer runs. */
static long
keepalive_due(uint16_t server, uint16_t client)
{
	static char table[65536];
	char wanted[64], *at;

	snprintf(wanted, sizeof(wanted), "0100007F:%04X 0100007F:%04X 01 ",
		server, client);
	if (files_read("/proc/net/tcp", table, sizeof(table)) <= 0 ||
	    (at = strstr(table, wanted)) == NULL)
		return -2;
	/* After the queues: kind of timer (2 is keepalive), hundredths. */
	at += strlen(wanted) + strlen("00000000:00000000 ");
	if (strncmp(at, "02:", 3) != 0)
		return strncmp(at, "00:", 3) == 0 ? -1 : -2;
	long hundredths = 0;
	for (at += 3; *at != ' '; at++)
		hundredths = hundredths * 16 + (*at <= '9' ? *at - '0' :
			*at - 'A' + 10);
	return hundredths / 100;
}

static uint16_t
own_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	struct address a;

	return getsockname(fd, (struct sockaddr *)&ss, &size) == 0 &&
	    address_from_socket(&a, &ss) == 0 ? address_port(&a) : 0;
}

struct timer {
	uint16_t server, client;
	long least, most;
};

/* Until what was sent is acknowledged, another timer runs. */
static bool
has_timer(void *context)
{
	const struct timer *t = context;
	long due = keepalive_due(t->server, t->client);

	return due >= t->least && due <= t->most;
}

/* Both connections, in both modes, have this timer. */
static void
check_keepalive(enum ftp_mode mode, long least, long most)
{
	struct ftp c;
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);
	struct address peer;

	if (!ftp_enter(&c, "anna"))
		return;
	c.mode = mode;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(getpeername(c.data, (struct sockaddr *)&ss, &size) == 0 &&
	    address_from_socket(&peer, &ss) == 0);
	struct timer control = { 21, own_port(c.fd), least, most };
	struct timer data = { address_port(&peer), own_port(c.data), least,
		most };
	CHECK(wait_until(has_timer, &control, 5000));
	CHECK(wait_until(has_timer, &data, 5000));
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
}

static void
test_keepalive(void)
{
	struct server s;

	if (!SERVER(&s, "listener.keepalive=1000s",
	    "listener.address=127.0.0.1"))
		return;
	check_keepalive(FTP_EPSV, 900, 1000);
	check_keepalive(FTP_EPRT, 900, 1000);
	server_stop(&s);
	/* The default: some firewalls forget a connection after two minutes. */
	if (!SERVER(&s, "listener.address=127.0.0.1"))
		return;
	check_keepalive(FTP_EPSV, 30, 60);
	check_keepalive(FTP_EPRT, 30, 60);
	server_stop(&s);
	if (!SERVER(&s, "listener.keepalive=0",
	    "listener.address=127.0.0.1"))
		return;
	check_keepalive(FTP_EPSV, -1, -1);
	check_keepalive(FTP_EPRT, -1, -1);
	server_stop(&s);
}

static bool
is_closed(void *port)
{
	int fd = network_connect(FTP_HOST, *(const uint16_t *)port, NULL);

	if (fd >= 0)
		close(fd);
	return fd < 0;
}

/* Strangers are turned away before the transfer command as well, or they would
 * fill the queue of connections, and the client could not connect. */
static void
test_thieves_before(void)
{
	struct server s;
	struct ftp c;
	char data[16];
	int thieves[9];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "mine", 4);
	EXPECT(&c, 229, "EPSV");
	uint16_t port = ftp_port(&c);
	for (size_t i = 0; i < ARRAY_SIZE(thieves); i++)
		thieves[i] = network_connect(FTP_HOST, port, "127.0.0.66");
	for (size_t i = 0; i < ARRAY_SIZE(thieves); i++)
		if (!CHECK(network_readable(thieves[i], 5000)))
			return;
	c.data = network_connect(FTP_HOST, port, NULL);
	/* Once it is accepted, nobody else can be. */
	CHECK(wait_until(is_closed, &port, 5000));
	ftp_send_text(&c, "RETR f\r\n");
	EXPECT_REPLY(&c, 150);
	CHECK_NUMBER(ftp_data_read(&c, data, sizeof(data)), 4);
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the address in PASV depends on network and local address",
		test_masquerade_rules },
	{ "the address in PASV can be a host name", test_name },
	{ "nat-check shows addresses and warns", test_nat_check },
	{ "nat-check without max_clients",
		test_nat_check_without_max_clients },
	{ "allow_fxp can name the other servers", test_fxp_networks },
	{ "sessions share passive_ports", test_shared_range },
	{ "keepalive is set on control and data connections",
		test_keepalive },
	{ "strangers do not fill the queue of a passive port",
		test_thieves_before },
	CU_TEST_INFO_NULL,
};
