/*
 * suite_limit_rules.c - limits of connections and logins.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/waiting.h"
#include "tests/functional/world.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

const char *const functional_name = "limit rules";

/* The greeting for a client from this address. */
static void
check_greeting(const char *server, const char *from, int code,
	const char *words)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect_to(&c, server, from), code);
	if (code == 421)
		CHECK_HAS(c.text, words);
	ftp_close(&c);
}

static void
test_listener_networks(void)
{
	struct server s;
	size_t mark = logged_mark();

	if (!SERVER(&s, "listener.allow_from=127.0.0.0/28 ::/0",
	    "listener.deny_from=127.0.0.4/31"))
		return;
	check_greeting(FTP_HOST, "127.0.0.3", 220, "");
	check_greeting(FTP_HOST, "127.0.0.4", 421, "not allowed");
	check_greeting(FTP_HOST, "127.0.0.5", 421, "not allowed");
	check_greeting(FTP_HOST, "127.0.0.16", 421, "not allowed");
	check_greeting("::1", NULL, 220, "");
	CHECK_LOGGED(mark, "warning session=* peer=127.0.0.16 connection "
		"refused: address not allowed (allow_from, deny_from)");
	server_stop(&s);
}

static void
test_per_network(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s, "limits.max_per_network=2"))
		return;
	CHECK_NUMBER(ftp_connect_to(&a, FTP_HOST, "127.0.7.1"), 220);
	CHECK_NUMBER(ftp_connect_to(&b, FTP_HOST, "127.0.7.200"), 220);
	check_greeting(FTP_HOST, "127.0.7.3", 421, "network");
	CHECK_LOGGED(0, "warning peer=127.0.7.3 max_per_network reached, "
		"refused 1 connection");
	check_greeting(FTP_HOST, "127.0.8.1", 220, "");
	ftp_close(&a);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	ftp_close(&b);
	server_stop(&s);
}

static void
test_connection_rate(void)
{
	struct server s;

	if (!SERVER(&s, "limits.max_connection_rate=5"))
		return;
	for (int i = 0; i < 5; i++)
		check_greeting(FTP_HOST, "127.0.0.5", 220, "");
	check_greeting(FTP_HOST, "127.0.0.5", 421, "Too many new connections");
	CHECK_LOGGED(0, "warning peer=127.0.0.5 max_connection_rate reached, "
		"refused 1 connection");
	check_greeting(FTP_HOST, "127.0.0.6", 220, "");
	server_stop(&s);
}

/* Four in a second, but also after more than a second. */
static void
test_connections_per_second(void)
{
	struct server s;
	int refused = 0;

	if (!SERVER(&s, "limits.max_connections_per_second=4"))
		return;
	int64_t began = clock_ms();
	for (int i = 0; i < 40 && refused == 0; i++) {
		struct ftp c;
		int code = ftp_connect_to(&c, FTP_HOST, "127.0.0.5");
		refused = code == 421 ? i : 0;
		ftp_close(&c);
	}
	CHECK(refused >= 4);
	CHECK(refused <= 4 + 4 * (clock_ms() - began + 1000) / 1000);
	check_greeting(FTP_HOST, "127.0.0.6", 220, "");
	/* The rate has no event. */
	wait_for_time(1100);
	check_greeting(FTP_HOST, "127.0.0.5", 220, "");
	server_stop(&s);
}

static void
test_login_rate(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_login_rate=4"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_NUMBER(ftp_try_login("anna", "wrong"), 530);
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 530);
	CHECK_HAS(c.text, "Too many logins");
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=5 peer=127.0.0.1 user=anna login "
		"failed: max_login_rate: too many logins from this address");
	CHECK_LOGGED(0, "warning peer=127.0.0.1 user=anna max_login_rate "
		"reached, refused 1 login");
	CHECK(ftp_enter_to(&c, FTP_HOST, "127.0.0.9", "anna"));
	ftp_close(&c);
	server_stop(&s);
}

/* Both are members of the group, whose limit is two. */
static void
test_per_group(void)
{
	struct server s;
	struct ftp c[3];

	server_configure("[group team]\nmax_per_group = 2\n");
	if (!SERVER(&s))
		return;
	ftp_enter(&c[0], "anna");
	ftp_enter(&c[1], "bert");
	CHECK_NUMBER(ftp_connect(&c[2]), 220);
	CHECK_NUMBER(ftp_login(&c[2], "anna", "anna-pass"), 530);
	CHECK_HAS(c[2].text, "your group");
	ftp_close(&c[2]);
	CHECK_LOGGED(0, "warning session=3 peer=127.0.0.1 user=anna login "
		"failed: max_per_group: too many sessions of this group");
	CHECK_LOGGED(0, "warning peer=127.0.0.1 user=anna max_per_group "
		"reached, refused 1 login");
	for (int i = 0; i < 2; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

#define STORM 5000
#define AT_ONCE 250

/* Make this many connections at once; the number that get 220. */
static int
count_welcome(int *fds, int n)
{
	int welcome = 0;
	char line[128];

	for (int i = 0; i < n; i++)
		fds[i] = network_connect(FTP_HOST, 21, "127.0.0.40");
	for (int i = 0; i < n; i++) {
		struct pollfd p = { fds[i], POLLIN, 0 };
		if (fds[i] < 0 || poll(&p, 1, 10000) != 1 ||
		    recv(fds[i], line, sizeof(line), 0) < 3 ||
		    memcmp(line, "220", 3) != 0) {
			if (fds[i] >= 0)
				close(fds[i]);
			fds[i] = -1;
			continue;
		}
		welcome++;
	}
	return welcome;
}

/* 5,000 connections from one address: exactly max_per_ip are accepted. */
static void
test_storm(void)
{
	static int fds[STORM];
	struct rlimit limit = { STORM + 100, STORM + 100 };
	struct server s;
	int welcome = 0;

	if (!CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0) ||
	    !SERVER(&s, "limits.max_per_ip=7"))
		return;
	int64_t began = clock_ms();
	for (int i = 0; i < STORM; i += AT_ONCE)
		welcome += count_welcome(fds + i, AT_ONCE);
	CHECK_NUMBER(welcome, 7);
	/* At most one event a second for the limit. */
	size_t lines = logged_times(0, "warning peer=127.0.0.40 max_per_ip "
		"reached, refused * connection*");
	CHECK(lines >= 1 && lines <= 1 + (size_t)(clock_ms() - began) / 1000);
	/* Another address is not affected. */
	check_greeting(FTP_HOST, "127.0.0.41", 220, "");
	for (int i = 0; i < STORM; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a listener's allow_from and deny_from", test_listener_networks },
	{ "max_per_network", test_per_network },
	{ "max_connection_rate", test_connection_rate },
	{ "max_connections_per_second", test_connections_per_second },
	{ "max_login_rate", test_login_rate },
	{ "max_per_group", test_per_group },
	{ "max_per_ip is exact with 5,000 connections at once", test_storm },
	CU_TEST_INFO_NULL,
};
