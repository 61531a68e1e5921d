/*
 * suite_kernel_relay.c - sessions whose control connection is in the kernel's
 * TLS and that need no relay: their processes, and what these know.
 *
 * It needs a kernel that has TLS, and fails under any other:
 * tests/lab/kernel_relay.sh boots one.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "kernel_relay";

#define MANY 20

static bool
enter(struct ftps *t, int version)
{
	ftps_init(t);
	t->version = version;
	return ftps_enter(t, "anna");
}

/* The only session's processes, the monitor first; how many there are. */
static size_t
family(struct proc *members, size_t max)
{
	static struct proc list[PROCS_MAX];
	struct proc session;
	size_t count = 0;

	CHECK(procs_settle());
	if (!CHECK_NUMBER(procs_list(PROCS_SESSION, &session, 1), 1))
		return 0;
	size_t n = procs_list(NULL, list, PROCS_MAX);
	for (size_t i = 0; i < n && i < PROCS_MAX && count < max; i++)
		if (list[i].pid == session.ppid)
			members[count++] = list[i];
	for (size_t i = 0; i < n && i < PROCS_MAX && count < max; i++)
		if (list[i].ppid == session.ppid)
			members[count++] = list[i];
	return count;
}

/* Where TLS is done, and how many processes that takes. */
static void
check_served(int version, const char *host, size_t processes,
	const char *place)
{
	struct proc members[8];
	char line[100];
	struct ftps t;

	ftps_init(&t);
	t.version = version;
	t.name = host;
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK_NUMBER(family(members, ARRAY_SIZE(members)), processes);
	pid_t holder = procs_serving(processes == 2 ? PROCS_SESSION
						    : PROCS_GREETER);
	CHECK_SAYS(holder > 0, "the client's socket is somewhere else");
	CHECK_NUMBER(procs_connected(members[0].pid), 0);
	EXPECT(&t.c, 211, "STAT");
	CHECK_HAS(t.c.text, place);
	snprintf(line, sizeof(line),
		"control connection: %s, %s, not resumed, %s",
		ftps_version(&t), ftps_cipher(&t), place);
	CHECK_LOG(line);
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	CHECK(t.resumed);
	EXPECT(&t.c, 221, "QUIT");
	CHECK(ftp_is_closed(&t.c));
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
}

static void
test_processes(void)
{
	struct server s;

	server_configure("[tls \"other.example\"]\n"
			 "certificate = " CERTS "other.pem\n");
	if (!FTPS_SERVER(&s))
		return;
	check_served(TLS1_2_VERSION, NULL, 2, "in the kernel");
	check_served(TLS1_2_VERSION, "other.example", 2, "in the kernel");
	check_served(TLS1_3_VERSION, NULL, 3, "in user space");
	check_served(TLS1_3_VERSION, "other.example", 3, "in user space");
	server_stop(&s);
	/* CCC must be able to end it. */
	if (!SERVER(&s, "tls.allow_ccc=yes"))
		return;
	check_served(TLS1_2_VERSION, NULL, 3, "in user space");
	check_served(TLS1_3_VERSION, NULL, 3, "in user space");
	server_stop(&s);
	/* A cipher that the kernel does not know. */
	if (!SERVER(&s, "tls.ciphers=ECDHE+AES128+SHA256"))
		return;
	check_served(TLS1_2_VERSION, NULL, 3, "in user space");
	server_stop(&s);
}

/* Rules R13 and R32: the session process proves whose data connections are,
 * and cannot pose as the server; the greeter that could has gone. */
static void
test_key_is_nowhere(void)
{
	struct proc members[8];
	struct server s;
	struct ftps t;
	const char *what = "";

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK(ftps_connect(&t));
	CHECK_NUMBER(ftps_certs_held(procs_serving(PROCS_GREETER), &what), 1);
	CHECK(ftps_login(&t, "anna"));
	t.reuse = FTPS_REUSE_NONE;
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 522);
	t.reuse = FTPS_REUSE_FIRST;
	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	size_t n = family(members, ARRAY_SIZE(members));
	for (size_t i = 0; i < n; i++) {
		CHECK_NUMBER(procs_memory_has(members[i].pid, "anna-pass", 9),
			0);
		if (members[i].uid[0] != 0)
			CHECK_SAYS(ftps_certs_held(members[i].pid, &what) == 0,
				"%s holds %s", members[i].name, what);
	}
	ftp_close(&t.c);
	server_stop(&s);
}

/* Who resumes by the session's number gets it from the greeter, too. */
static void
test_session_number(void)
{
	struct server s;
	struct ftps t;
	size_t len;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	t.no_tickets = true;
	t.reuse = FTPS_REUSE_FIRST;
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK(procs_serving(PROCS_GREETER) == 0);
	for (int i = 0; i < 3; i++) {
		CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
		CHECK(t.resumed);
		free(ftp_get(&t.c, &len, "RETR f"));
		EXPECT_WAS(&t.c, 226);
		CHECK(t.resumed && len == 4);
	}
	ftp_close(&t.c);
	server_stop(&s);
}

/* One killed, the other ends; the client sees that TLS was cut. */
static void
test_kills(void)
{
	struct proc members[8];
	struct server s;
	struct ftps t, other;

	if (!FTPS_SERVER(&s) || !enter(&other, TLS1_2_VERSION))
		return;
	for (size_t i = 0; i < 4; i++) {
		ftp_close(&other.c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
		if (!enter(&t, TLS1_2_VERSION) ||
		    !CHECK_NUMBER(family(members, ARRAY_SIZE(members)), 2) ||
		    !enter(&other, TLS1_2_VERSION))
			return;
		if (i >= 2) {
			CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
			ftp_data_send(&t.c, "some", 4);
		}
		CHECK(kill(members[i % 2].pid, SIGKILL) == 0);
		for (size_t n = 0; n < 2; n++)
			CHECK(server_wait(members[n].pid, 1000, NULL));
		while (ftp_reply(&t.c) > 0)
			CHECK_SAYS(t.c.code >= 400, "%s", t.c.text);
		CHECK_NUMBER(t.c.code, 0);
		ftp_close(&t.c);
		CHECK_NUMBER(ftp_put(&other.c, "fine", 4, "STOR f"), 226);
	}
	ftp_close(&other.c);
	server_stop(&s);
}

/* The kernel's TLS cannot be ended, before login or after. */
static void
test_cannot_be_ended(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK(ftps_connect(&t));
	EXPECT(&t.c, 502, "REIN");
	CHECK_HAS(t.c.text, "kernel");
	CHECK(ftps_login(&t, "anna"));
	EXPECT(&t.c, 502, "REIN");
	CHECK_HAS(t.c.text, "kernel");
	EXPECT(&t.c, 534, "CCC");
	EXPECT(&t.c, 503, "AUTH TLS");
	EXPECT(&t.c, 257, "PWD");
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

/* KiB of one of twenty sessions at rest. */
static long
at_rest(int version)
{
	static struct ftps clients[MANY];
	static struct proc list[PROCS_MAX];
	long spare = 0, sum = 0;

	CHECK(procs_settle());
	size_t n = procs_list(NULL, list, PROCS_MAX);
	for (size_t i = 0; i < n && i < PROCS_MAX; i++)
		spare += procs_pss(list[i].pid);
	for (size_t i = 0; i < MANY; i++)
		if (!enter(&clients[i], version))
			return 0;
	CHECK(procs_settle());
	n = procs_list(NULL, list, PROCS_MAX);
	for (size_t i = 0; i < n && i < PROCS_MAX; i++)
		sum += procs_pss(list[i].pid);
	for (size_t i = 0; i < MANY; i++)
		ftp_close(&clients[i].c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	return (sum - spare) / MANY;
}

static void
test_memory(void)
{
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	long without = at_rest(TLS1_2_VERSION);
	server_stop(&s);
	if (!SERVER(&s, "tls.allow_ccc=yes"))
		return;
	long with = at_rest(TLS1_2_VERSION);
	server_stop(&s);
	printf("PSS of an idle session of TLS 1.2: %ld KiB, with a relay %ld ",
		without, with);
	CHECK_SAYS(without < with, "%ld KiB, with a relay %ld", without, with);
}

CU_TestInfo functional_tests[] = {
	{ "two processes, or three with a relay", test_processes },
	{ "the server's key is in no process but root's",
		test_key_is_nowhere },
	{ "resumption by the session's number", test_session_number },
	{ "one killed, the other ends", test_kills },
	{ "REIN and CCC are refused", test_cannot_be_ended },
	{ "an idle session is smaller than with a relay", test_memory },
	CU_TEST_INFO_NULL,
};
