/*
 * suite_tls_rein.c - REIN ends the login and TLS with it, and the same
 * connection begins anew (RFC 959 4.1.1, RFC 4217 13).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "tls_rein";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* A client with TLS, before its login or after. */
static bool
come(struct ftps *t, bool login)
{
	ftps_init(t);
	return CHECK(ftps_connect(t)) &&
		(!login || CHECK(ftps_login(t, "anna")));
}

/* REIN, the 220 under TLS, and the end of TLS. */
static bool
rein(struct ftps *t)
{
	return EXPECT(&t->c, 220, "REIN") &&
		CHECK_SAYS(ftps_clear_control(t), "TLS did not end");
}

/* Where the kernel does the TLS, it cannot be ended: REIN is refused, and
 * nothing ends because of that. */
static bool
refused_in_kernel(struct ftps *t)
{
	EXPECT(&t->c, 211, "STAT");
	if (strstr(t->c.text, "in the kernel") == NULL)
		return false;
	EXPECT(&t->c, 502, "REIN");
	EXPECT(&t->c, 200, "NOOP");
	ftp_close(&t->c);
	return true;
}

/* All is as after the greeting, and nothing more was said. */
static void
check_anew(struct ftps *t)
{
	CHECK_SAYS(!ftp_replies_within(&t->c, 100), "there was more");
	EXPECT(&t->c, 530, "PWD");
	EXPECT(&t->c, 503, "PASS anna-pass");
	EXPECT(&t->c, 503, "PROT P");
	EXPECT(&t->c, 503, "PBSZ 0");
}

static void
begin_tls(struct ftps *t)
{
	EXPECT(&t->c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(t), "%s", t->error);
}

static void
test_after_login(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		ftps_init(&t);
		t.version = versions[i];
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 200, "TYPE I");
		CHECK_NUMBER(ftp_put(&t.c, "anna's", 6, "STOR f"), 226);
		if (refused_in_kernel(&t))
			continue;
		if (!rein(&t))
			return;
		check_anew(&t);
		begin_tls(&t);
		CHECK(ftps_login(&t, "bert"));
		EXPECT(&t.c, 257, "PWD");
		CHECK_HAS(t.c.text, "/home/bert");
		EXPECT(&t.c, 211, "STAT");
		CHECK_HAS(t.c.text, "TYPE A");
		EXPECT(&t.c, 550, "CWD /home/anna");
		CHECK_NUMBER(ftp_put(&t.c, "bert's", 6, "STOR f"), 226);
		CHECK(t.resumed);
		CHECK(files_same("/home/bert/f", "bert's", 6));
		EXPECT(&t.c, 221, "QUIT");
		CHECK(ftp_is_closed(&t.c));
		CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Nothing is left of whom it was: no process of the account, no relay. */
static void
test_processes(void)
{
	struct server s;
	struct ftps t;
	struct proc p;

	if (!FTPS_SERVER(&s))
		return;
	if (!come(&t, true))
		return;
	CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1);
	pid_t relay = procs_serving(PROCS_GREETER);
	if (!rein(&t))
		return;
	check_anew(&t);
	CHECK(server_wait(p.pid, 2000, NULL));
	CHECK(server_wait(relay, 2000, NULL));
	CHECK(server_wait(p.ppid, 2000, NULL));
	/* In the clear it is an ordinary session. */
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
	CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1);
	CHECK_NUMBER(procs_connected(p.pid), 1);
	/* And REIN there is answered in the clear, by a greeting. */
	EXPECT(&t.c, 220, "REIN");
	check_anew(&t);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_before_login(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		ftps_init(&t);
		t.version = versions[i];
		CHECK(ftps_connect(&t));
		EXPECT(&t.c, 200, "PBSZ 0");
		EXPECT(&t.c, 200, "PROT P");
		EXPECT(&t.c, 331, "USER anna");
		if (refused_in_kernel(&t))
			continue;
		if (!rein(&t))
			return;
		check_anew(&t);
		begin_tls(&t);
		EXPECT(&t.c, 503, "PASS anna-pass");
		/* PROT P is forgotten, too. */
		CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
		t.clear_data = true;
		CHECK_NUMBER(ftp_put(&t.c, "clear", 5, "STOR f"), 226);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Where TLS comes at once, it does again, and then a greeting. */
static void
test_implicit(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "listener.tls=implicit"))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftps_connect_implicit(&t, 21), 220);
	for (int i = 0; i < 2; i++) {
		if (!rein(&t))
			return;
		CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
		EXPECT_REPLY(&t.c, 220);
		CHECK(ftps_login(&t, i == 0 ? "anna" : "bert"));
	}
	EXPECT(&t.c, 257, "PWD");
	CHECK_HAS(t.c.text, "/home/bert");
	ftp_close(&t.c);
	server_stop(&s);
}

/* Somebody in between may have begun the connection, kept its tickets, said
 * REIN and let another in: they open nothing of what the other does (rule
 * R13). */
static void
test_tickets_of_before(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 4; i++) {
		ftps_init(&t);
		t.version = versions[i % 2];
		CHECK(ftps_connect(&t) && (i < 2 || ftps_login(&t, "anna")));
		SSL_SESSION *before = ftps_steal(&t);
		if (before == NULL || refused_in_kernel(&t))
			continue;
		if (!rein(&t))
			return;
		begin_tls(&t);
		CHECK(ftps_login(&t, "bert"));
		t.foreign = before;
		CHECK_NUMBER(ftp_put(&t.c, "planted", 7, "STOR f"), 522);
		free(ftp_get(&t.c, &(size_t){ 0 }, "LIST"));
		EXPECT_WAS(&t.c, 522);
		t.foreign = NULL;
		CHECK(!files_exist("/home/bert/f"));
		ftp_close(&t.c);
		SSL_SESSION_free(before);
	}
	server_stop(&s);
}

/* In the clear the greeting is REIN's reply, every time. */
static void
test_again_and_again(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) || !come(&t, true) || refused_in_kernel(&t) ||
		!rein(&t))
		return;
	for (int i = 0; i < 3; i++)
		EXPECT(&t.c, 220, "REIN");
	begin_tls(&t);
	if (!rein(&t))
		return;
	EXPECT(&t.c, 220, "REIN");
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
	EXPECT(&t.c, 220, "REIN");
	check_anew(&t);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Clients that say no close_notify are known by what they say next. */
static void
test_without_notify(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int login = 0; login < 2; login++) {
		if (!come(&t, login))
			return;
		EXPECT(&t.c, 220, "REIN");
		CHECK_NUMBER(ftp_reply(&t.c), 0);
		CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
		SSL_free(t.control);
		t.control = NULL;
		EXPECT(&t.c, 530, "PWD");
		CHECK_NUMBER(ftp_login(&t.c, "bert", "bert-pass"), 230);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* CCC leaves a relay behind, which has no TLS to end. */
static void
test_after_ccc(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.allow_ccc=yes"))
		return;
	if (!come(&t, true))
		return;
	EXPECT(&t.c, 200, "CCC");
	CHECK(ftps_clear_control(&t));
	EXPECT(&t.c, 220, "REIN");
	check_anew(&t);
	begin_tls(&t);
	CHECK(ftps_login(&t, "bert"));
	CHECK_NUMBER(ftp_put(&t.c, "data", 4, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

/* What comes behind REIN before its answer is never lost in silence: it is
 * refused, or the connection ends. */
static void
test_behind_rein(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int login = 0; login < 2; login++) {
		if (!come(&t, login))
			return;
		/* In one record. */
		ftp_send_text(&t.c, "REIN\r\nMKD made\r\n");
		EXPECT_REPLY(&t.c, 503);
		EXPECT_REPLY(&t.c, login ? 257 : 530);
		/* In another one, which may or may not have come by then. */
		ftp_send_text(&t.c, "REIN\r\n");
		ftp_send_text(&t.c, "RMD made\r\n");
		if (ftp_reply(&t.c) == 503) {
			EXPECT_REPLY(&t.c, login ? 250 : 530);
		} else {
			CHECK_SAYS(t.c.code == 220 || t.c.code == 421, "%s",
				t.c.text);
			CHECK_NUMBER(ftp_reply(&t.c), 0);
			CHECK_SAYS(!login || files_exist("/home/anna/made"),
				"it was done unanswered");
		}
		ftp_close(&t.c);
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "after login the next account logs in", test_after_login },
	{ "its processes end, and the clear is the clear", test_processes },
	{ "before login, too", test_before_login },
	{ "implicit TLS begins again", test_implicit },
	{ "tickets of before open nothing", test_tickets_of_before },
	{ "and again, in the clear and under TLS", test_again_and_again },
	{ "a client need not say close_notify", test_without_notify },
	{ "after CCC", test_after_ccc },
	{ "commands behind it are refused, not lost", test_behind_rein },
	CU_TEST_INFO_NULL,
};
