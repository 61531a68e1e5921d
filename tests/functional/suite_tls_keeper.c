/*
 * suite_tls_keeper.c - the process that holds the private keys: no other one
 * has them, and it is replaced when it dies or the keys change (design section
 * 2; rule R32).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "tls_keeper";

#define OWN   "/etc/sureftpd/own.pem"
#define FRESH OWN ".new"

/* Every process of the server is searched; that the keeper has the keys shows
 * that the search would find them. */
static void
check_keys(const char *when)
{
	static struct proc list[PROCS_MAX];
	const char *what;
	size_t keepers = 0;

	CHECK(procs_settle());
	size_t n = procs_list(NULL, list, PROCS_MAX);
	CHECK(n > 0 && n < PROCS_MAX);
	for (size_t i = 0; i < n; i++) {
		bool keeper = strcmp(list[i].name, PROCS_KEEPER) == 0;
		int found = ftps_certs_held(list[i].pid, &what);

		keepers += keeper;
		if (found < 0)
			CHECK_SAYS(server_wait(list[i].pid, 2000, NULL),
				"%s, %s: cannot be searched", when,
				list[i].name);
		else
			CHECK_SAYS(found == keeper, "%s, %s: %s %s", when,
				list[i].name, found ? "has" : "lacks", what);
	}
	CHECK_SAYS(keepers == 1, "%s: %zu keepers", when, keepers);
}

static void
check_session_keys(int version, bool must_resume)
{
	struct ftps t;

	ftps_init(&t);
	t.version = version;
	CHECK(ftps_connect(&t));
	check_keys("before login");
	if (!ftps_login(&t, "anna"))
		return;
	check_keys("after login");
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	t.reuse = FTPS_REUSE_NONE;
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"),
		must_resume ? 522 : 226);
	check_keys("after data connections");
	ftp_close(&t.c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
}

static void
test_keys_are_kept(void)
{
	static const char *const modes[] = {
		"tls.session_reuse=strict", "tls.session_reuse=require",
		"tls.session_reuse=prefer", "tls.session_reuse=off",
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (!FTPS_SERVER(&s, modes[i], "server.min_spare_workers=1"))
			return;
		check_session_keys(TLS1_2_VERSION, i < 2);
		check_session_keys(TLS1_3_VERSION, i < 2);
		server_stop(&s);
	}
	if (!FTPS_SERVER(&s, "server.min_spare_workers=1"))
		return;
	ftp_enter(&c, "anna");
	check_keys("in a session without TLS");
	ftp_close(&c);
	/* The new ones of a reload as well. */
	logged_reload(&s);
	CHECK(procs_wait_for_count(PROCS_KEEPER, 1, 5000));
	check_keys("after a reload");
	server_stop(&s);
}

static pid_t
keeper(void)
{
	struct proc p = { 0 };

	CHECK(procs_wait_for_count(PROCS_KEEPER, 1, 5000));
	(void)procs_list(PROCS_KEEPER, &p, 1);
	return p.pid;
}

static void
test_what_it_is(void)
{
	struct server s;
	struct proc p;

	if (!FTPS_SERVER(&s))
		return;
	pid_t pid = keeper();
	CHECK(procs_read(pid, &p));
	CHECK_NUMBER(p.ppid, s.pid);
	for (size_t i = 0; i < 4; i++)
		CHECK_SAYS(p.uid[i] == 903 && p.gid[i] == 903,
			"uid %u, gid %u", p.uid[i], p.gid[i]);
	CHECK_NUMBER(p.ngroups, 0);
	CHECK((p.inheritable | p.permitted | p.effective | p.bounding |
		      p.ambient) == 0);
	CHECK_NUMBER(p.no_new_privs, 1);
	CHECK_NUMBER(p.seccomp, 2);
	CHECK_NUMBER(procs_connected(pid), 0);
	CHECK_NUMBER(procs_listening(pid), 0);
	server_stop(&s);
	CHECK(procs_wait_for_count(PROCS_KEEPER, 0, 5000));
	/* Without certificates there is no keeper. */
	if (!SERVER(&s, "tls.certificate="))
		return;
	CHECK(procs_settle());
	CHECK_NUMBER(procs_list(PROCS_KEEPER, &p, 1), 0);
	server_stop(&s);
}

/* A session from before, a spare worker from before, and a new one. */
static void
test_killed(void)
{
	static struct ftps clients[8];
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.session_reuse=prefer"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	t.reuse = FTPS_REUSE_NONE;
	for (int i = 0; i < 3; i++) {
		size_t mark = logged_mark();
		CHECK(kill(keeper(), SIGKILL) == 0);
		CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
		for (size_t j = 0; j < ARRAY_SIZE(clients); j++) {
			ftps_init(&clients[j]);
			CHECK_SAYS(ftps_enter(&clients[j], "bert"),
				"client %zu: %s", j, clients[j].error);
		}
		for (size_t j = 0; j < ARRAY_SIZE(clients); j++)
			ftp_close(&clients[j].c);
		CHECK_LOGGED(mark, "error keeper was killed by signal 9, "
			"restarting it");
	}
	ftp_close(&t.c);
	check_keys("after a keeper was replaced");
	server_stop(&s);
}

/* A handshake that needs it fails after a timeout, with the reason; so does a
 * reload.  Other clients are served. */
static void
test_stuck(void)
{
	struct server s;
	struct ftps t;
	struct ftp c;

	if (!FTPS_SERVER(&s, "tls.session_reuse=prefer"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	pid_t pid = keeper();
	CHECK(kill(pid, SIGSTOP) == 0);
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	t.reuse = FTPS_REUSE_NONE;
	size_t mark = logged_mark();
	int64_t before = clock_ms();
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 425);
	CHECK(clock_ms() - before < 8000);
	CHECK_LOGGED(mark, "warning session=1 peer=127.0.0.1 user=anna "
		"session: TLS on the data connection failed: no signature: "
		"the keeper did not answer in time");
	ftp_enter(&c, "bert");
	CHECK_NUMBER(ftp_put(&c, "data", 4, "STOR f"), 226);
	ftp_close(&c);
	CHECK(kill(pid, SIGCONT) == 0);
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
renew(const char *name)
{
	ftps_certs_make(FRESH, name);
	CHECK(rename(FRESH, OWN) == 0);
}

/* Sessions of the former certificate keep their keeper, which ends with the
 * last of them. */
static void
test_renewed(void)
{
	struct ftps old, new;
	struct server s;

	ftps_certs_make(OWN, "first.example");
	if (!SERVER(&s, "tls.certificate=" OWN, "tls.session_reuse=prefer",
		    "tls.certificate_check_interval=1"))
		return;
	ftps_init(&old);
	if (!ftps_enter(&old, "anna"))
		return;
	old.reuse = FTPS_REUSE_NONE;
	size_t mark = logged_mark();
	renew("second.example");
	CHECK_LOGGED(mark, "info certificates reloaded");
	CHECK(procs_wait_for_count(PROCS_KEEPER, 2, 5000));
	CHECK_NUMBER(ftp_put(&old.c, "data", 4, "STOR f"), 226);
	ftps_init(&new);
	if (!ftps_enter(&new, "bert"))
		return;
	CHECK_TEXT(ftps_server_name(&new), "second.example");
	CHECK_NUMBER(ftp_put(&old.c, "data", 4, "STOR f"), 226);
	ftp_close(&old.c);
	CHECK(procs_wait_for_count(PROCS_KEEPER, 1, 5000));
	CHECK_NUMBER(ftp_put(&new.c, "data", 4, "STOR f"), 226);
	ftp_close(&new.c);
	server_stop(&s);
}

/* With the same keys the keeper stays, and one that dies is replaced for those
 * who came before the reload, too. */
static void
test_killed_after_reload(void)
{
	struct ftps old, greeted;
	struct server s;

	if (!FTPS_SERVER(&s, "tls.session_reuse=prefer"))
		return;
	ftps_init(&old);
	ftps_init(&greeted);
	if (!ftps_enter(&old, "anna") || !ftps_begin(&greeted))
		return;
	old.reuse = FTPS_REUSE_NONE;
	pid_t pid = keeper();
	size_t mark = logged_mark();
	logged_reload(&s);
	CHECK(procs_wait_for_count(PROCS_KEEPER, 1, 5000));
	CHECK(keeper() == pid);
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK_LOGGED(mark, "error keeper was killed by signal 9, *");
	CHECK_NUMBER(ftp_put(&old.c, "data", 4, "STOR f"), 226);
	CHECK_SAYS(ftps_handshake(&greeted), "%s", greeted.error);
	CHECK(ftps_login(&greeted, "bert"));
	CHECK_NUMBER(ftp_put(&greeted.c, "data", 4, "STOR f"), 226);
	ftp_close(&old.c);
	ftp_close(&greeted.c);
	server_stop(&s);
}

/* A keeper that is started again while the key file is gone. */
static void
test_no_key_any_more(void)
{
	struct server s;
	struct ftps t;

	ftps_certs_make(OWN, "first.example");
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=0"))
		return;
	pid_t pid = keeper();
	size_t mark = logged_mark();
	CHECK(rename(OWN, FRESH) == 0);
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK_LOGGED(mark, "error " OWN ": cannot be read: No such file or "
		"directory");
	CHECK(rename(FRESH, OWN) == 0);
	CHECK(procs_wait_for_count(PROCS_KEEPER, 1, 5000));
	ftps_init(&t);
	CHECK_SAYS(ftps_enter(&t, "anna"), "%s", t.error);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "its own account, no capabilities", test_what_it_is },
	{ "only the keeper has the private keys", test_keys_are_kept },
	{ "a killed keeper is replaced, and handshakes wait", test_killed },
	{ "a stuck keeper blocks only handshakes", test_stuck },
	{ "new certificates: a new keeper", test_renewed },
	{ "unchanged certificates: the same keeper, and its successors",
		test_killed_after_reload },
	{ "restart without a key file, later with it", test_no_key_any_more },
	CU_TEST_INFO_NULL,
};
