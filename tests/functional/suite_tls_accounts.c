/*
 * suite_tls_accounts.c - tickets of TLS 1.3 belong to an account and its
 * client's address, those of TLS 1.2 to one control connection (rule R13).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

const char *const functional_name = "tls_accounts";

static bool
enter_from(struct ftps *t, const char *from, int version)
{
	ftps_init(t);
	t->from = from;
	t->version = version;
	t->reuse = FTPS_REUSE_LAST;
	return ftps_enter(t, "anna") && EXPECT(&t->c, 200, "TYPE I");
}

/* A transfer each way with this ticket, which stays the caller's. */
static bool
serves(struct ftps *t, SSL_SESSION *ticket)
{
	size_t len = 0;

	t->foreign = ticket;
	bool good = CHECK_NUMBER(ftp_put(&t->c, "data", 4, "STOR f"), 226) &&
		CHECK(t->resumed);
	char *data = ftp_get(&t->c, &len, "RETR f");
	good = EXPECT_WAS(&t->c, 226) && CHECK(t->resumed) &&
		CHECK(data != NULL && len == 4) && good;
	free(data);
	t->foreign = NULL;
	return good;
}

/* The ticket is not accepted here, and the reply says what to do; the client's
 * own ticket is accepted. */
static void
check_no_use(struct ftps *t, SSL_SESSION *ticket, const char *words)
{
	int64_t before = clock_ms();

	CHECK(ticket != NULL);
	t->foreign = ticket;
	CHECK_NUMBER(ftp_put(&t->c, "data", 4, "STOR refused"), 522);
	CHECK_HAS(t->c.text, words);
	free(ftp_get(&t->c, &(size_t){ 0 }, "LIST"));
	EXPECT_WAS(&t->c, 522);
	CHECK(!files_exist("/home/anna/refused"));
	CHECK_SAYS(clock_ms() - before < 3000, "it took %lld ms",
		(long long)(clock_ms() - before));
	t->foreign = NULL;
	t->reuse = FTPS_REUSE_FIRST;
	CHECK_NUMBER(ftp_put(&t->c, "data", 4, "STOR f"), 226);
	CHECK(t->resumed);
}

/* GNOME's Files holds two control connections, and keeps tickets by host and
 * port. */
static void
test_swap(void)
{
	struct ftps one, other;
	struct server s;

	if (!FTPS_SERVER(&s) || !enter_from(&one, NULL, TLS1_3_VERSION) ||
	    !enter_from(&other, NULL, TLS1_3_VERSION))
		return;
	for (int i = 0; i < 3; i++) {
		SSL_SESSION *mine = ftps_steal(&one);
		SSL_SESSION *theirs = ftps_steal(&other);

		CHECK(serves(&one, theirs));
		CHECK(serves(&other, mine));
		SSL_SESSION_free(mine);
		SSL_SESSION_free(theirs);
	}
	/* Also after the other one has disconnected. */
	SSL_SESSION *theirs = ftps_steal(&other);
	ftp_close(&other.c);
	CHECK(serves(&one, theirs));
	SSL_SESSION_free(theirs);
	ftp_close(&one.c);
	server_stop(&s);
}

/* TLS 1.2, whose tickets come before the login, and strict, for both. */
static void
test_one_connection(void)
{
	static const char *const options[] = { "tls.session_reuse=require",
		"tls.session_reuse=strict", "tls.session_reuse=strict" };
	struct ftps one, other;
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		int version = i == 2 ? TLS1_3_VERSION : TLS1_2_VERSION;

		if (!FTPS_SERVER(&s, options[i]) ||
		    !enter_from(&one, NULL, version) ||
		    !enter_from(&other, NULL, version))
			return;
		SSL_SESSION *theirs = ftps_steal(&other);
		check_no_use(&one, theirs, i == 0 ? "require" : "strict");
		SSL_SESSION_free(theirs);
		ftp_close(&one.c);
		ftp_close(&other.c);
		server_stop(&s);
	}
}

/* Clients that share an account (anonymous, for example) cannot use each
 * other's data connections. */
static void
test_other_address(void)
{
	struct ftps one, other;
	struct server s;

	if (!FTPS_SERVER(&s) ||
	    !enter_from(&one, "127.0.0.1", TLS1_3_VERSION) ||
	    !enter_from(&other, "127.0.0.2", TLS1_3_VERSION))
		return;
	SSL_SESSION *theirs = ftps_steal(&other);
	check_no_use(&one, theirs, "session_reuse");
	SSL_SESSION_free(theirs);
	ftp_close(&one.c);
	ftp_close(&other.c);
	server_stop(&s);
}

static void
test_before_login(void)
{
	struct ftps early, t;
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		ftps_init(&early);
		early.version = version;
		CHECK(ftps_connect(&early));
		EXPECT(&early.c, 200, "NOOP");
		/* Tickets of TLS 1.2 are valid for the own session only. */
		CHECK_NUMBER(early.control_tickets,
			version == TLS1_2_VERSION);
		if (!enter_from(&t, NULL, version))
			return;
		if (version == TLS1_2_VERSION) {
			SSL_SESSION *ticket = ftps_steal(&early);
			check_no_use(&t, ticket, "session_reuse");
			SSL_SESSION_free(ticket);
		}
		ftp_close(&early.c);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* They are ignored: a full handshake, and the message. */
static void
test_before_restart(void)
{
	struct ftps t;
	struct server s;

	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		if (!FTPS_SERVER(&s) || !enter_from(&t, NULL, version))
			return;
		SSL_SESSION *old = ftps_steal(&t);
		ftp_close(&t.c);
		server_stop(&s);
		if (!FTPS_SERVER(&s) || !enter_from(&t, NULL, version))
			return;
		check_no_use(&t, old, "session_reuse");
		SSL_SESSION_free(old);
		ftp_close(&t.c);
		server_stop(&s);
	}
}

CU_TestInfo functional_tests[] = {
	{ "two connections of an account swap tickets (TLS 1.3)", test_swap },
	{ "TLS 1.2 and strict: only from the own control connection",
		test_one_connection },
	{ "a ticket of another address is refused", test_other_address },
	{ "a ticket from before the login is refused", test_before_login },
	{ "a ticket from before a restart is refused", test_before_restart },
	CU_TEST_INFO_NULL,
};
