/*
 * suite_rein.c - REIN when it gets busy, slow or silent: no client is lost, no
 * process left, no limit passed by.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <sys/stat.h>
#include <sys/wait.h>

const char *const functional_name = "rein";

#define CLIENTS 6	/* at a time */
#define TIMES	60	/* each */

/* Whatever comes, the connection ends. */
static bool
ends(int fd)
{
	char rest[1024];

	while (network_readable(fd, 10000))
		if (recv(fd, rest, sizeof(rest), 0) <= 0)
			return true;
	return false;
}

/* A client with TLS, before its login or after. */
static bool
come(struct ftps *t, bool login)
{
	ftps_init(t);
	return CHECK(ftps_connect(t)) &&
		(!login || CHECK(ftps_login(t, "anna")));
}

/* Log in and begin anew, again and again, in the clear or under TLS. */
static void NORETURN
be_client(bool tls)
{
	struct ftps t;
	bool good = true;

	ftps_init(&t);
	good = ftp_connect(&t.c) == 220;
	for (int i = 0; good && i < TIMES; i++) {
		good = !tls || (ftp_command(&t.c, "AUTH TLS") == 234 &&
			ftps_handshake(&t));
		good = good && ftp_login(&t.c, "anna", "anna-pass") == 230 &&
			ftp_command(&t.c, "REIN") == 220 &&
			(!tls || ftps_clear_control(&t));
	}
	if (!good)
		fprintf(stderr, "\"%s\" got %d %s\n", t.c.sent, t.c.code,
			t.c.text != NULL ? t.c.text : "");
	_exit(!good);
}

/* Many at a time: workers end faster than the master hears of it. */
static void
test_many(void)
{
	pid_t clients[CLIENTS];
	struct server s;

	/* The kernel's TLS cannot be ended; with allow_ccc it is left out. */
	if (!FTPS_SERVER(&s, "tls.allow_ccc=yes"))
		return;
	fflush(stdout);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = fork();
		if (clients[i] == 0)
			be_client(i % 2 == 0);
	}
	for (int i = 0; i < CLIENTS; i++) {
		int status = -1;
		CHECK_SAYS(clients[i] > 0 &&
				waitpid(clients[i], &status, 0) == clients[i] &&
				WIFEXITED(status) && WEXITSTATUS(status) == 0,
			"client %d was lost", i);
	}
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	server_stop(&s);
}

/* The connection goes on when the old session is over, PAM's as well: so it
 * counts no longer, and nobody of it can hear the next login. */
static void
test_slow_end(void)
{
	struct server s;
	struct proc p;
	struct ftp c;

	files_write_text("/etc/slow", "#!/bin/sh\n"
		"test \"$PAM_TYPE\" != close_session || sleep 1\n");
	CHECK(chmod("/etc/slow", 0755) == 0);
	files_write_text("/etc/pam.d/slow", "auth required pam_unix.so\n"
		"account required pam_unix.so\n"
		"session required pam_exec.so quiet /etc/slow\n");
	if (!SERVER(&s, "auth.pam_service=slow", "limits.max_per_user=1") ||
	    !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1);
		EXPECT(&c, 220, "REIN");
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
		CHECK(server_wait(p.ppid, 500, NULL));
		CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* A client that does nothing after REIN is not waited for without end. */
static void
test_silence(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "limits.idle_timeout=1"))
		return;
	for (int login = 0; login < 2; login++) {
		if (!come(&t, login))
			return;
		EXPECT(&t.c, 220, "REIN");
		CHECK(ends(t.c.fd));
		ftp_close(&t.c);
	}
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 6000));
	server_stop(&s);
}

/* It vanishes instead. */
static void
test_lost(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	if (!come(&t, true))
		return;
	EXPECT(&t.c, 220, "REIN");
	ftp_reset(&t.c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 6000));
	CHECK(ftp_enter(&t.c, "anna"));
	ftp_close(&t.c);
	server_stop(&s);
}

/* The failures of a connection are not forgotten by it. */
static void
test_attempts(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "auth.max_login_attempts=2"))
		return;
	ftps_init(&t);
	CHECK(ftps_connect(&t));
	CHECK_NUMBER(ftp_login(&t.c, "anna", "wrong"), 530);
	EXPECT(&t.c, 220, "REIN");
	CHECK(ftps_clear_control(&t));
	CHECK_NUMBER(ftp_login(&t.c, "anna", "wrong"), 530);
	EXPECT_REPLY(&t.c, 421);
	ftp_close(&t.c);
	server_stop(&s);
}

/* What comes under TLS behind REIN's 220 is no command any more, and no
 * crime. */
static void
test_no_penalty(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "limits.max_penalty=600", "tls.allow_ccc=yes"))
		return;
	for (int i = 0; i < 8; i++) {
		if (!come(&t, i % 2 != 0))
			return;
		EXPECT(&t.c, 220, "REIN");
		ftp_send_text(&t.c, "NOOP\r\n");
		CHECK(ends(t.c.fd));
		ftp_close(&t.c);
	}
	CHECK_LOG("REIN");
	CHECK(ftp_enter(&t.c, "anna"));
	ftp_close(&t.c);
	server_stop(&s);
}

/* A server that stops takes nobody back. */
static void
test_stopping(void)
{
	struct server s;
	struct ftps t;

	for (int login = 0; login < 2; login++) {
		if (!FTPS_SERVER(&s))
			return;
		if (!come(&t, login))
			return;
		EXPECT(&t.c, 220, "REIN");
		server_stop(&s);
		CHECK(ends(t.c.fd));
		ftp_close(&t.c);
	}
}

CU_TestInfo functional_tests[] = {
	{ "many at a time, none is lost", test_many },
	{ "the old session is over before the next", test_slow_end },
	{ "silence is not waited for without end", test_silence },
	{ "a client that vanishes then costs nothing", test_lost },
	{ "failed logins count on", test_attempts },
	{ "what comes too late costs no penalty", test_no_penalty },
	{ "a server that stops ends it", test_stopping },
	CU_TEST_INFO_NULL,
};
