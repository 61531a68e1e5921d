/*
 * suite_tls_reload.c - certificates that change while sessions run.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <signal.h>

const char *const functional_name = "tls_reload";

#define OWN    "/etc/sureftpd/own.pem"
#define FRESH  OWN ".new"
#define AGAIN  "info certificates reloaded"
#define STAY   "error reload failed, keeping the current certificates"
#define UNREAD "error " OWN ": the certificate cannot be read: bad end line"
#define BROKEN "-----BEGIN CERTIFICATE-----\nbroken\n"

/* Like certificate renewal tools. */
static void
replace(const char *name)
{
	ftps_certs_make(FRESH, name);
	CHECK(rename(FRESH, OWN) == 0);
}

static void
spoil(const char *text)
{
	files_write_text(FRESH, text);
	CHECK(rename(FRESH, OWN) == 0);
}

/* A new client is shown this certificate, and is served. */
static void
check_shown(const char *name)
{
	struct ftps t;

	ftps_init(&t);
	if (CHECK_SAYS(ftps_connect(&t), "no TLS: %s", t.error) &&
	    CHECK_TEXT(ftps_server_name(&t), name) && ftps_login(&t, "bert"))
		CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
}

/* A session that came earlier still lists, fetches and stores. */
static void
check_goes_on(struct ftps *t)
{
	size_t len = 0;

	CHECK_NUMBER(ftp_put(&t->c, "abc", 3, "STOR kept"), 226);
	char *data = ftp_get(&t->c, &len, "RETR kept");
	CHECK(data != NULL && len == 3 && memcmp(data, "abc", 3) == 0);
	CHECK_NUMBER(t->c.code, 226);
	free(data);
}

/* Both versions of TLS have a session from before. */
static bool
enter_both(struct ftps old[2])
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	for (size_t i = 0; i < 2; i++) {
		ftps_init(&old[i]);
		old[i].version = versions[i];
		if (!ftps_enter(&old[i], "anna"))
			return false;
	}
	return true;
}

static void
leave_both(struct ftps old[2])
{
	for (size_t i = 0; i < 2; i++) {
		check_goes_on(&old[i]);
		EXPECT(&old[i].c, 221, "QUIT");
		ftp_close(&old[i].c);
	}
}

static void
test_sighup(void)
{
	struct ftps old[2];
	struct server s;

	ftps_certs_make(OWN, "first.example");
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=0") ||
	    !enter_both(old))
		return;
	CHECK_NUMBER(ftp_start(&old[1].c, "STOR long"), 150);
	CHECK_NUMBER(ftp_data_send(&old[1].c, "ab", 2), 2);
	replace("second.example");
	/* With the check disabled. */
	check_shown("first.example");
	logged_reload(&s);
	check_shown("second.example");
	CHECK_NUMBER(ftp_data_send(&old[1].c, "cd", 2), 2);
	CHECK_NUMBER(ftp_finish(&old[1].c), 226);
	CHECK_NUMBER(files_size("/home/anna/long"), 4);
	leave_both(old);
	server_stop(&s);
}

/* The master looks at the files each second, and has done so twice when this
 * returns: nothing tells of a look that found nothing. */
static void
wait_for_looks(void)
{
	wait_for_time(2200);
}

static void
test_noticed(void)
{
	struct ftps old[2];
	struct server s;

	ftps_certs_make(OWN, "first.example");
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=1") ||
	    !enter_both(old))
		return;
	size_t mark = logged_mark();
	replace("second.example");
	CHECK_LOGGED(mark, AGAIN);
	check_shown("second.example");
	leave_both(old);
	/* Nothing is read again without reason. */
	wait_for_looks();
	CHECK_NUMBER(logged_times(mark, AGAIN), 1);
	server_stop(&s);
}

static void
test_broken_file(void)
{
	struct server s;

	ftps_certs_make(OWN, "first.example");
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=1"))
		return;
	size_t mark = logged_mark();
	spoil(BROKEN);
	CHECK_LOGGED(mark, UNREAD);
	CHECK_LOGGED(mark, STAY);
	check_shown("first.example");
	/* Logged once for each change. */
	wait_for_looks();
	CHECK_NUMBER(logged_times(mark, STAY), 1);
	mark = logged_mark();
	spoil(BROKEN BROKEN);
	CHECK_LOGGED(mark, UNREAD);
	CHECK_LOGGED(mark, STAY);
	mark = logged_mark();
	unlink(OWN);
	CHECK_LOGGED(mark, "error " OWN ": cannot be read: No such file or "
		"directory");
	CHECK_LOGGED(mark, STAY);
	check_shown("first.example");
	mark = logged_mark();
	replace("second.example");
	CHECK_LOGGED(mark, AGAIN);
	check_shown("second.example");
	CHECK_NUMBER(logged_times(mark, STAY), 0);
	server_stop(&s);
}

/* A renewal with the key apart may be seen between its two steps. */
static void
test_key_follows(void)
{
	struct server s;

	ftps_certs_make(OWN, "first.example");
	ftps_certs_make("/etc/sureftpd/own.key", "first.example");
	CHECK(rename("/etc/sureftpd/own.key", OWN) == 0);
	CHECK(link(OWN, "/etc/sureftpd/own.key") == 0);
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=1",
		    "tls.private_key=/etc/sureftpd/own.key"))
		return;
	size_t mark = logged_mark();
	replace("second.example");
	CHECK_LOGGED(mark, "error /etc/sureftpd/own.key: the private key does "
		"not match the certificate in " OWN);
	CHECK_LOGGED(mark, STAY);
	check_shown("first.example");
	CHECK(unlink("/etc/sureftpd/own.key") == 0);
	CHECK(link(OWN, "/etc/sureftpd/own.key") == 0);
	CHECK_LOGGED(mark, AGAIN);
	check_shown("second.example");
	server_stop(&s);
}

/* The keeper reads the key, and the former one stays with its sessions. */
static void
test_key_without_key(void)
{
	struct server s;

	ftps_certs_make(OWN, "first.example");
	ftps_certs_make("/etc/sureftpd/own.key", "first.example");
	CHECK(rename("/etc/sureftpd/own.key", OWN) == 0);
	CHECK(link(OWN, "/etc/sureftpd/own.key") == 0);
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=1",
		    "tls.private_key=/etc/sureftpd/own.key"))
		return;
	size_t mark = logged_mark();
	CHECK(unlink("/etc/sureftpd/own.key") == 0);
	files_write_text("/etc/sureftpd/own.key", "not a key\n");
	CHECK_LOGGED(mark, "error /etc/sureftpd/own.key: has no private key "
		"in PEM*");
	CHECK_LOGGED(mark, STAY);
	check_shown("first.example");
	server_stop(&s);
	/* At the start there is no former one. */
	CHECK_NUMBER(logged_times(0, "*exited before it had read*"), 0);
}

static void
test_broken_at_sighup(void)
{
	struct server s;
	struct ftp c;

	ftps_certs_make(OWN, "first.example");
	server_configure("[server]\nbanner = first\n");
	if (!SERVER(&s, "tls.certificate=" OWN))
		return;
	server_configure("[limits]\nmax_per_user = 7\n");
	spoil(BROKEN);
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_LOGGED(0, UNREAD);
	CHECK_LOGGED(0, "error reload failed, keeping the current "
		"configuration");
	check_shown("first.example");
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 first");
	ftp_close(&c);
	server_stop(&s);
}

/* TLS is switched on and off by its setting. */
static void
test_on_and_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "AUTH TLS");
	ftp_command(&c, "AUTH TLS");
	CHECK(c.code >= 400);
	ftp_close(&c);
	ftps_certs_make(OWN, "first.example");
	server_configure("[tls]\ncertificate = " OWN "\n");
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_LOGGED(0, "info configuration reloaded");
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "AUTH TLS");
	ftp_close(&c);
	check_shown("first.example");
	server_stop(&s);
}

/* Clients come while everything is read again and again. */
static void
test_nobody_is_lost(void)
{
	static const char *const names[] = { "even.example", "odd.example" };
	struct server s;
	struct ftps t;

	ftps_certs_make(OWN, names[0]);
	if (!SERVER(&s, "tls.certificate=" OWN,
		    "tls.certificate_check_interval=1"))
		return;
	for (int i = 0; i < 20; i++) {
		replace(names[i % 2]);
		CHECK(kill(s.pid, SIGHUP) == 0);
		ftps_init(&t);
		if (!CHECK_SAYS(ftps_connect(&t), "client %d: %s", i, t.error))
			break;
		CHECK(strcmp(ftps_server_name(&t), names[0]) == 0 ||
			strcmp(ftps_server_name(&t), names[1]) == 0);
		ftp_close(&t.c);
	}
	/* A reload that began before the last change may end after it, but not
	 * the next one. */
	for (int i = 0; i < 2; i++) {
		logged_reload(&s);
	}
	check_shown(names[1]);
	CHECK_NUMBER(logged_times(0, STAY), 0);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "SIGHUP: a new certificate for new sessions, old ones go on",
		test_sighup },
	{ "a changed file is detected", test_noticed },
	{ "an invalid file is logged once, the old certificate stays",
		test_broken_file },
	{ "a key that is replaced after its certificate", test_key_follows },
	{ "a key file without a key", test_key_without_key },
	{ "an invalid file at SIGHUP changes nothing", test_broken_at_sighup },
	{ "TLS is switched on by a reload", test_on_and_off },
	{ "clients that connect meanwhile are served", test_nobody_is_lost },
	CU_TEST_INFO_NULL,
};
