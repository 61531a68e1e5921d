/*
 * suite_limits.c - limits of concurrent clients and workers (rule R21).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/resource.h>

const char *const functional_name = "limits";

struct client {
	struct ftp *c;
	const char *server, *from;
};

static bool
is_welcome(void *context)
{
	struct client *client = context;

	if (ftp_connect_to(client->c, client->server, client->from) == 220)
		return true;
	ftp_close(client->c);
	return false;
}

/* A place becomes free when the master has reaped its worker: soon. */
static bool
connect_when_free(struct ftp *c, const char *server, const char *from)
{
	struct client client = { .c = c, .server = server, .from = from };

	return wait_until(is_welcome, &client, 5000);
}

/* 421 with these words, and the log has this setting. */
static void
check_turned_away(const char *server, const char *from, const char *words,
	const char *setting)
{
	size_t mark = logged_mark();
	struct ftp c;

	CHECK_NUMBER(ftp_connect_to(&c, server, from), 421);
	CHECK_HAS(c.text, words);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOGGED(mark, "warning session=* peer=%s connection refused: %s "
		"reached",
		from != NULL ? from : server, setting);
	CHECK_LOGGED(mark, "warning peer=%s %s reached, refused * connection*",
		from != NULL ? from : server, setting);
}

static void
test_max_clients(void)
{
	struct server s;
	struct ftp c[3];

	if (!SERVER(&s, "limits.max_clients=3"))
		return;
	for (int i = 0; i < 3; i++)
		ftp_enter(&c[i], "anna");
	check_turned_away(FTP_HOST, NULL, "lients", "max_clients");
	check_turned_away("::1", NULL, "lients", "max_clients");
	EXPECT(&c[1], 200, "NOOP");
	/* A place becomes free after QUIT and after a disconnect. */
	EXPECT(&c[0], 221, "QUIT");
	ftp_close(&c[0]);
	CHECK(connect_when_free(&c[0], FTP_HOST, NULL));
	check_turned_away(FTP_HOST, NULL, "lients", "max_clients");
	ftp_reset(&c[1]);
	CHECK(connect_when_free(&c[1], FTP_HOST, NULL));
	for (int i = 0; i < 3; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* S57 */
static void
test_max_per_address(void)
{
	struct server s;
	struct ftp c[2], other;

	if (!SERVER(&s, "limits.max_per_ip=2"))
		return;
	for (int i = 0; i < 2; i++)
		CHECK_NUMBER(ftp_connect_to(&c[i], FTP_HOST, "127.0.0.5"),
			220);
	check_turned_away(FTP_HOST, "127.0.0.5", "address", "max_per_ip");
	CHECK_NUMBER(ftp_connect_to(&other, FTP_HOST, "127.0.0.6"), 220);
	ftp_close(&other);
	ftp_close(&c[0]);
	CHECK(connect_when_free(&c[0], FTP_HOST, "127.0.0.5"));
	ftp_close(&c[0]);
	ftp_close(&c[1]);
	server_stop(&s);
}

/* One customer has a whole /64. */
static void
test_max_per_ipv6_prefix(void)
{
	struct server s;
	struct ftp a, b, other;

	if (!SERVER(&s, "limits.max_per_ip=2"))
		return;
	CHECK_NUMBER(ftp_connect_to(&a, "::1", WORLD_IPV6), 220);
	CHECK_NUMBER(ftp_connect_to(&b, "::1", WORLD_IPV6_NEIGHBOUR), 220);
	check_turned_away("::1", WORLD_IPV6, "address", "max_per_ip");
	check_turned_away("::1", WORLD_IPV6_NEIGHBOUR, "address",
		"max_per_ip");
	CHECK_NUMBER(ftp_connect_to(&other, "::1", WORLD_IPV6_STRANGER), 220);
	ftp_close(&a);
	ftp_close(&b);
	ftp_close(&other);
	server_stop(&s);
}

/* After SIGKILL the place is free again (rule R21). */
static void
test_killed_workers_free_their_place(void)
{
	static const char *const victims[] = { PROCS_SESSION, PROCS_MONITOR };
	struct server s;
	struct ftp c, again;

	if (!SERVER(&s, "limits.max_per_ip=1"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(victims); i++) {
		CHECK_SAYS(connect_when_free(&c, FTP_HOST, NULL),
			"before %s: %s", victims[i], c.text);
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
		pid_t victim = procs_serving(victims[i]);
		if (!CHECK(victim > 1) || !CHECK(kill(victim, SIGKILL) == 0))
			return;
		CHECK_SAYS(connect_when_free(&again, FTP_HOST, NULL),
			"after %s: %s", victims[i], again.text);
		ftp_close(&again);
		ftp_close(&c);
	}
	server_stop(&s);
}

static void
test_max_unauthenticated(void)
{
	struct server s;
	struct ftp c[2], more;

	if (!SERVER(&s, "limits.max_unauthenticated=2"))
		return;
	CHECK_NUMBER(ftp_connect(&c[0]), 220);
	CHECK_NUMBER(ftp_connect(&c[1]), 220);
	check_turned_away(FTP_HOST, NULL, "login", "max_unauthenticated");
	/* A login makes room for another client. */
	CHECK_NUMBER(ftp_login(&c[0], "anna", "anna-pass"), 230);
	CHECK(connect_when_free(&more, FTP_HOST, NULL));
	check_turned_away(FTP_HOST, NULL, "login", "max_unauthenticated");
	ftp_close(&c[0]);
	ftp_close(&c[1]);
	ftp_close(&more);
	server_stop(&s);
}

static bool
gets_in(void *context)
{
	struct ftp *c = context;

	ftp_connect(c);
	if (ftp_login(c, "anna", "anna-pass") == 230)
		return true;
	ftp_close(c);
	return false;
}

static void
test_max_per_user(void)
{
	struct server s;
	struct ftp c[3];

	server_configure("[user \"jan\"]\nmax_per_user = 0\n");
	if (!SERVER(&s, "limits.max_per_user=2"))
		return;
	ftp_enter(&c[0], "anna");
	ftp_enter(&c[1], "anna");
	CHECK_NUMBER(ftp_connect(&c[2]), 220);
	CHECK_NUMBER(ftp_login(&c[2], "anna", "anna-pass"), 530);
	CHECK_HAS(c[2].text, "sessions");
	CHECK_LOGGED(0, "warning session=3 peer=127.0.0.1 user=anna login "
		"failed: max_per_user: too many sessions of this account");
	/* Another account can log in; without the password nothing is disclosed
	 * about the limit. */
	CHECK_NUMBER(ftp_login(&c[2], "anna", "wrong"), 530);
	CHECK_LACKS(c[2].text, "sessions");
	CHECK_NUMBER(ftp_login(&c[2], "bert", "bert-pass"), 230);
	ftp_close(&c[2]);
	ftp_close(&c[0]);
	CHECK(wait_until(gets_in, &c[0], 5000));
	ftp_close(&c[0]);
	ftp_close(&c[1]);
	server_stop(&s);
}

static void
test_most_workers(void)
{
	struct server s;
	struct ftp c[4], more;

	if (!SERVER(&s, "server.max_workers=4",
		    "server.min_spare_workers=1"))
		return;
	for (int i = 0; i < 4; i++)
		CHECK_NUMBER(ftp_connect(&c[i]), 220);
	CHECK(procs_list(PROCS_MONITOR, NULL, 0) <= 4);
	/* No worker is available to send 421. */
	CHECK(ftp_connect(&more) <= 0);
	ftp_close(&more);
	CHECK_LOGGED(0, "warning peer=127.0.0.1 max_workers reached, "
		"closed 1 connection");
	ftp_close(&c[0]);
	CHECK(connect_when_free(&c[0], FTP_HOST, NULL));
	for (int i = 0; i < 4; i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* More at once than workers are spare: all are served. */
static void
test_burst(void)
{
	static const char *const spares[] = {
		"server.min_spare_workers=0",
		"server.min_spare_workers=2",
		"server.min_spare_workers=20",
	};
	struct server s;
	struct ftp c[40];

	for (size_t n = 0; n < ARRAY_SIZE(spares); n++) {
		if (!SERVER(&s, spares[n]))
			return;
		int fds[40];
		for (int i = 0; i < 40; i++)
			fds[i] = network_connect(FTP_HOST, 21, NULL);
		int served = 0;
		for (int i = 0; i < 40; i++) {
			char line[256];
			served += recv(fds[i], line, sizeof(line), 0) > 3 &&
				memcmp(line, "220", 3) == 0;
		}
		CHECK_SAYS(served == 40, "%d of 40 with %s", served,
			spares[n]);
		for (int i = 0; i < 40; i++)
			close(fds[i]);
		for (int i = 0; i < 8; i++)
			ftp_enter(&c[i], "anna");
		for (int i = 0; i < 8; i++)
			ftp_close(&c[i]);
		server_stop(&s);
	}
}

static void
test_spare_workers(void)
{
	struct server s;
	struct ftp c[6];

	if (!SERVER(&s, "server.min_spare_workers=3"))
		return;
	CHECK(procs_wait_for_count(PROCS_GREETER, 3, 3000));
	for (int i = 0; i < 6; i++)
		CHECK_NUMBER(ftp_connect(&c[i]), 220);
	CHECK(procs_wait_for_count(PROCS_GREETER, 9, 3000));
	for (int i = 0; i < 6; i++)
		ftp_close(&c[i]);
	CHECK(procs_wait_for_count(PROCS_GREETER, 3, 3000));
	/* Without TLS, the greeter exits when the session has started. */
	ftp_enter(&c[0], "anna");
	CHECK(procs_wait_for_count(PROCS_GREETER, 3, 3000));
	CHECK(procs_wait_for_count(PROCS_SESSION, 1, 3000));
	ftp_close(&c[0]);
	server_stop(&s);
}

/* The number behind this name in /proc/PID/status, or -1. */
static int64_t
status_number(pid_t pid, const char *name)
{
	char path[64], text[4096];
	int64_t n = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (files_read(path, text, sizeof(text)) <= 0)
		return -1;
	const char *at = strstr(text, name);
	if (at == NULL)
		return -1;
	at += strlen(name) + strspn(at + strlen(name), ":\t ");
	return text_number(at, strcspn(at, "\n"), &n) < 0 ? -1 : n;
}

/* The master has a descriptor for every session.  A new worker inherits none of
 * them, because closing them would take longer the more there are. */
static void
test_new_workers_stay_cheap(void)
{
	static struct ftp c[150];
	static struct proc list[256];
	struct server s;
	pid_t newest = 0;

	if (!SERVER(&s, "limits.max_unauthenticated=0", "limits.max_per_ip=0"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		CHECK_NUMBER(ftp_connect(&c[i]), 220);
	CHECK(procs_wait_for_count(PROCS_MONITOR, ARRAY_SIZE(c) + 2, 5000));
	size_t n = procs_list(PROCS_MONITOR, list, ARRAY_SIZE(list));
	for (size_t i = 0; i < n; i++)
		newest = list[i].pid > newest ? list[i].pid : newest;
	CHECK(status_number(s.pid, "FDSize") >= (int64_t)ARRAY_SIZE(c));
	int64_t size = status_number(newest, "FDSize");
	CHECK_SAYS(size > 0 && size <= 64, "room for %" PRId64 " descriptors",
		size);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* Rule R33: a pause, no busy loop, and no exit. */
static void
test_no_descriptors_left(void)
{
	struct rlimit before, none;
	struct server s;
	struct ftp c;

	if (!SERVER(&s) ||
	    !CHECK(prlimit(s.pid, RLIMIT_NOFILE, NULL, &before) == 0))
		return;
	CHECK(procs_settle());
	none = before;
	none.rlim_cur = 3;
	CHECK(prlimit(s.pid, RLIMIT_NOFILE, &none, NULL) == 0);
	int fd = network_connect(FTP_HOST, 21, NULL);
	int64_t used = procs_ticks(s.pid);
	/* Wait a second: there is no event for the absence of activity. */
	CHECK(!network_readable(fd, 1000));
	CHECK_LOGGED(0, "error cannot accept connections: Too many open files");
	CHECK_SAYS(procs_ticks(s.pid) - used < 20, "the master used %lld ticks",
		(long long)(procs_ticks(s.pid) - used));
	CHECK(prlimit(s.pid, RLIMIT_NOFILE, &before, NULL) == 0);
	CHECK_SAYS(network_readable(fd, 5000), "the client still waits");
	close(fd);
	ftp_enter(&c, "anna");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "max_clients refuses with 421, until a client leaves",
		test_max_clients },
	{ "max_per_ip counts one address", test_max_per_address },
	{ "max_per_ip counts an IPv6 /64 as one", test_max_per_ipv6_prefix },
	{ "a killed worker is no longer counted",
		test_killed_workers_free_their_place },
	{ "max_unauthenticated does not limit logged-in sessions",
		test_max_unauthenticated },
	{ "max_per_user is reported only after a correct password",
		test_max_per_user },
	{ "max_workers is never exceeded", test_most_workers },
	{ "a burst beyond the spare workers is served", test_burst },
	{ "min_spare_workers are kept ready", test_spare_workers },
	{ "the cost of a new worker does not grow with their number",
		test_new_workers_stay_cheap },
	{ "a master without free descriptors pauses and continues",
		test_no_descriptors_left },
	CU_TEST_INFO_NULL,
};
