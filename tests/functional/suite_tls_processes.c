/*
 * suite_tls_processes.c - the three processes of an FTPS session: privileges,
 * secrets in memory, and their common end (design section 2; rules R3, R9, R31
 * and R32).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "tls_processes";

struct picture {
	struct proc monitor, relay, session;
};

/* Of the only session there is. */
static bool
look(struct picture *p)
{
	struct proc list[64];

	CHECK(procs_settle());
	memset(p, 0, sizeof(*p));
	if (!CHECK_NUMBER(procs_list(PROCS_SESSION, &p->session, 1), 1) ||
	    !CHECK(procs_read(p->session.ppid, &p->monitor)))
		return false;
	size_t n = procs_list(NULL, list, 64);
	for (size_t i = 0; i < n && i < 64; i++) {
		if (list[i].ppid == p->monitor.pid &&
		    list[i].pid != p->session.pid)
			p->relay = list[i];
	}
	return CHECK_SAYS(p->relay.pid > 0, "there is no relay");
}

static void
check_worthless(const struct proc *p, uid_t uid)
{
	for (size_t i = 0; i < 4; i++)
		CHECK_SAYS(p->uid[i] == uid && p->gid[i] == uid,
			"%s: uid %u, gid %u", p->name, p->uid[i], p->gid[i]);
	CHECK_SAYS((p->inheritable | p->permitted | p->effective |
			   p->bounding | p->ambient) == 0,
		"%s has capabilities", p->name);
	CHECK_NUMBER(p->no_new_privs, 1);
	CHECK_NUMBER(p->seccomp, 2);
	CHECK_NUMBER(procs_listening(p->pid), 0);
}

static void
test_picture(void)
{
	struct picture p;
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna") || !look(&p))
		return;
	CHECK_TEXT(p.monitor.name, PROCS_MONITOR);
	CHECK_NUMBER(p.monitor.uid[1], 0);
	CHECK_NUMBER(procs_connected(p.monitor.pid), 0);
	check_worthless(&p.relay, 901);
	CHECK_NUMBER(p.relay.ngroups, 0);
	CHECK(procs_root_entries(p.relay.pid) <= 2);
	CHECK_NUMBER(procs_connected(p.relay.pid), 1);
	check_worthless(&p.session, 1001);
	CHECK_NUMBER(procs_connected(p.session.pid), 0);
	/* Data never goes through the relay. */
	CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "data", 4), 4);
	CHECK_NUMBER(procs_connected(p.relay.pid), 1);
	CHECK_NUMBER(procs_connected(p.session.pid), 1);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	ftp_close(&t.c);
	/* In a session of which all is clear there is none. */
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
	ftp_enter(&t.c, "anna");
	struct proc session;
	CHECK_NUMBER(procs_list(PROCS_SESSION, &session, 1), 1);
	CHECK_NUMBER(procs_connected(session.pid), 1);
	CHECK_NUMBER(procs_serving(PROCS_GREETER), 0);
	ftp_close(&t.c);
	server_stop(&s);
}

/* 0 monitor, 1 relay, 2 session */
static pid_t
member(const struct picture *p, int which)
{
	const pid_t pids[] = { p->monitor.pid, p->relay.pid, p->session.pid };

	return pids[which];
}

static void
check_all_end(struct ftps *t, const struct picture *p, const char *what)
{
	int64_t before = clock_ms();

	/* Without its relay a session stores what arrives within a second. */
	for (int i = 0; i < 3; i++)
		CHECK_SAYS(server_wait(member(p, i), 2000, NULL),
			"%s: member %d lives on", what, i);
	while (ftp_reply(&t->c) > 0)
		CHECK_SAYS(t->c.code >= 400, "%s: %s", what, t->c.text);
	CHECK_NUMBER(t->c.code, 0);
	CHECK_SAYS(clock_ms() - before < 2500, "%s: it took %lld ms", what,
		(long long)(clock_ms() - before));
}

static void
test_kills(void)
{
	static const char *const names[] = { "monitor", "relay", "session" };
	struct server s;
	struct ftps t, other;
	struct picture p;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 6; i++) {
		bool busy = i >= 3;
		ftps_init(&t);
		if (!ftps_enter(&t, "anna") || !look(&p))
			return;
		if (busy) {
			CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
			ftp_data_send(&t.c, "some", 4);
		}
		ftps_init(&other);
		CHECK(ftps_enter(&other, "bert"));
		CHECK(kill(member(&p, i % 3), SIGKILL) == 0);
		check_all_end(&t, &p, names[i % 3]);
		ftp_close(&t.c);
		CHECK_NUMBER(ftp_put(&other.c, "fine", 4, "STOR f"), 226);
		EXPECT(&other.c, 221, "QUIT");
		ftp_close(&other.c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
	}
	server_stop(&s);
}

/* All three exit when the client disconnects, idle and during a transfer. */
static void
test_client_goes(void)
{
	struct server s;
	struct ftps t;
	struct picture p;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 4; i++) {
		ftps_init(&t);
		if (!ftps_enter(&t, "anna") || !look(&p))
			return;
		if (i >= 2)
			CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
		if (i % 2 == 0)
			ftp_close(&t.c);
		else
			ftp_reset(&t.c);
		for (int n = 0; n < 3; n++)
			CHECK_SAYS(server_wait(member(&p, n), 1000, NULL),
				"member %d lives on", n);
	}
	server_stop(&s);
}

/* Rule R31, also for what OpenSSL had decrypted. */
static void
test_password_is_nowhere(void)
{
	struct server s;
	struct ftps t;
	struct picture p;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna") || !look(&p))
		return;
	const struct proc *members[] = { &p.monitor, &p.relay, &p.session };
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		CHECK_SAYS(procs_memory_has(members[i]->pid, "anna-pass", 9)
				== 0,
			"%s holds the password", members[i]->name);
	CHECK_NUMBER(procs_memory_has(p.session.pid, "/home/anna", 10), 1);
	ftp_close(&t.c);
	/* A wrong one, while the greeter waits for the next. */
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	CHECK_NUMBER(ftp_login(&t.c, "bert", "hunter-two-or-three"), 530);
	pid_t greeter = procs_serving(PROCS_GREETER);
	CHECK(greeter > 0);
	CHECK_NUMBER(procs_memory_has(greeter, "hunter-two-or-three", 19), 0);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Twenty at rest, so that what is shared is shared. */
static void
test_memory_at_rest(void)
{
	static struct ftps clients[20];
	static struct proc list[PROCS_MAX];
	long sum = 0;
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
		ftps_init(&clients[i]);
		if (!ftps_enter(&clients[i], "anna"))
			return;
		CHECK_NUMBER(ftp_put(&clients[i].c, "x", 1, "STOR f"), 226);
	}
	CHECK(procs_settle());
	size_t n = procs_list(PROCS_SESSION, list, PROCS_MAX);
	CHECK_NUMBER(n, ARRAY_SIZE(clients));
	long sessions = 0, monitors = 0;
	for (size_t i = 0; i < n && i < PROCS_MAX; i++) {
		sessions += procs_pss(list[i].pid);
		monitors += procs_pss(list[i].ppid);
	}
	size_t all = procs_list(NULL, list, PROCS_MAX);
	for (size_t i = 0; i < all && i < PROCS_MAX; i++)
		sum += procs_pss(list[i].pid);
	printf("PSS of an idle FTPS session: %ld KiB (session %ld, monitor "
	       "%ld; the whole server: %ld) ", sum / 20, sessions / 20,
		monitors / 20, sum);
#ifdef __SANITIZE_ADDRESS__	/* which takes more than all the rest */
	printf("SKIP (sanitizer): whether that is little ");
#else
	CHECK_SAYS(sum / 20 < 4096, "%ld KiB a session", sum / 20);
#endif
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++)
		ftp_close(&clients[i].c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "monitor, relay and session: ids, capabilities, descriptors",
		test_picture },
	{ "if one is killed, all three exit, other sessions continue",
		test_kills },
	{ "all three exit when the client disconnects", test_client_goes },
	{ "passwords are erased after use", test_password_is_nowhere },
	{ "memory of an idle session", test_memory_at_rest },
	CU_TEST_INFO_NULL,
};
