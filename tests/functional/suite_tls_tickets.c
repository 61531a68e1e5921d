/*
 * suite_tls_tickets.c - a data connection belongs to the control connection
 * whose ticket it resumes (rule R13; field map 1).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <sys/stat.h>

const char *const functional_name = "tls_tickets";

#define NOT_RESUMED "TLS on the data connection failed: it did not resume " \
	"a TLS session of this account and address"

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* An upload's last code. */
static int
put(struct ftps *t)
{
	return ftp_put(&t->c, "data", 4, "STOR f");
}

/* 522 that names the setting; nothing is left of the upload; the session goes
 * on.  What tickets the refused connections gave are thrown away. */
static void
check_refused_data(struct ftps *t)
{
	const char *home = "/home/anna/refused";
	size_t before = t->ntickets, mark = logged_mark();

	CHECK_NUMBER(ftp_put(&t->c, "data", 4, "STOR refused"), 522);
	CHECK_HAS(t->c.text, "session_reuse");
	CHECK(!files_exist(home));
	free(ftp_get(&t->c, &(size_t){ 0 }, "LIST"));
	EXPECT_WAS(&t->c, 522);
	CHECK_NUMBER(logged_times(mark, "warning session=* peer=127.0.0.1 "
		"user=anna session: " NOT_RESUMED), 2);
	CHECK_NUMBER(logged_times(mark, "info session=* peer=127.0.0.1 "
		"user=anna upload of \"%s\" as ASCII failed after 0 bytes in "
		"* s: " NOT_RESUMED, home), 1);
	while (t->ntickets > before)
		SSL_SESSION_free(t->tickets[--t->ntickets]);
	EXPECT(&t->c, 200, "NOOP");
}

static void
test_require(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		if (!ftps_enter_as(&t, "anna", versions[v],
			FTPS_REUSE_NONE))
			return;
		check_refused_data(&t);
		t.reuse = FTPS_REUSE_ONCE;
		CHECK_NUMBER(put(&t), 226);
		CHECK(t.resumed);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_prefer_and_off(void)
{
	static const char *const options[] = { "tls.session_reuse=prefer",
		"tls.session_reuse=off" };
	struct server s;
	struct ftps t;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(versions); i++) {
		if (!FTPS_SERVER(&s, options[i / 2]) ||
		    !ftps_enter_as(&t, "anna", versions[i % 2],
			FTPS_REUSE_NONE))
			return;
		for (int n = 0; n < 3; n++) {
			CHECK_NUMBER(put(&t), 226);
			CHECK(!t.resumed);
			free(ftp_get(&t.c, &(size_t){ 0 }, "LIST"));
			EXPECT_WAS(&t.c, 226);
		}
		t.reuse = FTPS_REUSE_ONCE;
		CHECK_NUMBER(put(&t), 226);
		CHECK(t.resumed || i / 2 == 1);
		ftp_close(&t.c);
		server_stop(&s);
	}
}

static void
test_by_network(void)
{
	struct server s;
	struct ftps t;

	server_configure("[tls]\nsession_reuse_for = 127.0.0.2/32 prefer\n"
			 "session_reuse_for = 127.0.1.0/24 off\n"
			 "session_reuse_for = 127.0.0.0/8 require\n"
			 "session_reuse = prefer\n");
	if (!FTPS_SERVER(&s))
		return;
	static const struct {
		const char *from;
		int code;
	} rows[] = { { "127.0.0.2", 226 }, { "127.0.1.77", 226 },
		{ "127.0.0.3", 522 }, { "127.0.0.1", 522 } };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ftps_init(&t);
		t.from = rows[i].from;
		t.reuse = FTPS_REUSE_NONE;
		if (!ftps_enter(&t, "anna"))
			return;
		CHECK_SAYS(put(&t) == rows[i].code, "%s: %s", rows[i].from,
			t.c.text);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_by_user(void)
{
	struct server s;
	struct ftps t;

	server_configure("[user \"bert\"]\nsession_reuse = prefer\n");
	if (!FTPS_SERVER(&s) || !ftps_enter_as(&t, "bert", 0, FTPS_REUSE_NONE))
		return;
	CHECK_NUMBER(put(&t), 226);
	ftp_close(&t.c);
	if (!ftps_enter_as(&t, "anna", 0, FTPS_REUSE_NONE))
		return;
	check_refused_data(&t);
	ftp_close(&t.c);
	server_stop(&s);
}

/* R13: valid tickets, but of another account. */
static void
test_stolen(void)
{
	struct server s;
	struct ftps thief, owner;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		if (!ftps_enter_as(&owner, "bert", versions[i],
			FTPS_REUSE_LAST) ||
		    !ftps_enter_as(&thief, "anna", versions[i],
			FTPS_REUSE_LAST))
			return;
		CHECK_NUMBER(put(&owner), 226);
		EXPECT(&owner.c, 200, "NOOP");
		thief.foreign = ftps_steal(&owner);
		CHECK(thief.foreign != NULL);
		check_refused_data(&thief);
		/* Also after its owner has disconnected. */
		ftp_close(&owner.c);
		check_refused_data(&thief);
		SSL_SESSION_free(thief.foreign);
		thief.foreign = NULL;
		CHECK_NUMBER(put(&thief), 226);
		ftp_close(&thief.c);
	}
	server_stop(&s);
}

/* R13: a refused handshake must not yield a usable ticket. */
static void
test_ticket_of_a_refused_connection(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		if (!ftps_enter_as(&t, "anna", versions[v],
			FTPS_REUSE_NONE))
			return;
		size_t before = t.ntickets;
		free(ftp_get(&t.c, &(size_t){ 0 }, "LIST"));
		EXPECT_WAS(&t.c, 522);
		/* Those of TLS 1.2 come before the refusal. */
		if (versions[v] == TLS1_3_VERSION)
			CHECK_NUMBER(t.data_tickets, 0);
		if (t.ntickets > before) {
			t.foreign = ftps_steal(&t);
			CHECK_NUMBER(put(&t), 522);
			SSL_SESSION_free(t.foreign);
			t.foreign = NULL;
		}
		while (t.ntickets > before)
			SSL_SESSION_free(t.tickets[--t.ntickets]);
		t.reuse = FTPS_REUSE_ONCE;
		CHECK_NUMBER(put(&t), 226);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* With prefer, a stolen ticket leads to a full handshake, not to resumption. */
static void
test_stolen_under_prefer(void)
{
	struct server s;
	struct ftps thief, owner;

	if (!FTPS_SERVER(&s, "tls.session_reuse=prefer"))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		if (!ftps_enter_as(&owner, "bert", versions[v],
			FTPS_REUSE_LAST) ||
		    !ftps_enter_as(&thief, "anna", versions[v],
			FTPS_REUSE_LAST))
			return;
		EXPECT(&owner.c, 200, "NOOP");
		thief.foreign = ftps_steal(&owner);
		CHECK_NUMBER(put(&thief), 226);
		CHECK(!thief.resumed);
		SSL_SESSION_free(thief.foreign);
		ftp_close(&thief.c);
		ftp_close(&owner.c);
	}
	server_stop(&s);
}

/* A ticket does not resume another control connection either; the client gets a
 * full handshake. */
static void
test_on_a_new_control_connection(void)
{
	struct server s;
	struct ftps t, old;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		if (!ftps_enter_as(&old, "anna", versions[v],
			FTPS_REUSE_LAST))
			return;
		EXPECT(&old.c, 200, "NOOP");
		ftps_init(&t);
		t.version = versions[v];
		t.foreign = ftps_steal(&old);
		ftp_close(&old.c);
		CHECK(ftps_connect(&t));
		CHECK(SSL_session_reused(t.control) == 0);
		SSL_SESSION_free(t.foreign);
		t.foreign = NULL;
		CHECK(ftps_login(&t, "anna"));
		CHECK_NUMBER(put(&t), 226);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static bool
enter_of_file(struct ftps *t, const char *name)
{
	ftps_init(t);
	t->reuse = FTPS_REUSE_LAST;
	return ftps_connect(t) && EXPECT(&t->c, 331, "USER %s", name) &&
		EXPECT(&t->c, 230, "PASS pw") &&
		EXPECT(&t->c, 200, "PBSZ 0") && EXPECT(&t->c, 200, "PROT P");
}

/* Accounts of the accounts file are different ones, also when they work as the
 * same account of the host. */
static void
test_stolen_in_file(void)
{
	char hash[PASSWORD_HASH_SIZE];
	struct ftps thief, owner;
	struct server s;

	CHECK_NUMBER(password_hash_new("pw", hash), 0);
	files_writef("/etc/sureftpd/accounts", "[carla]\naccount = anna\n"
		"permissions = elraw\npassword_hash = %s\n"
		"[dirk]\naccount = anna\npermissions = elraw\n"
		"password_hash = %s\n", hash, hash);
	chmod("/etc/sureftpd/accounts", 0600);
	if (!FTPS_SERVER(&s, "auth.backends=pam file") ||
	    !enter_of_file(&owner, "carla") || !enter_of_file(&thief, "dirk"))
		return;
	CHECK_NUMBER(put(&owner), 226);
	EXPECT(&owner.c, 200, "NOOP");
	thief.foreign = ftps_steal(&owner);
	CHECK(thief.foreign != NULL);
	CHECK_NUMBER(put(&thief), 522);
	SSL_SESSION_free(thief.foreign);
	thief.foreign = NULL;
	CHECK_NUMBER(put(&thief), 226);
	ftp_close(&thief.c);
	ftp_close(&owner.c);
	server_stop(&s);
}

/* After CCC the control connection cannot bring tickets.  Clients that use one
 * again transfer on; others get one with each download, but none for the next
 * upload: see allow_ccc in the manual. */
static void
test_after_ccc(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.allow_ccc=yes") ||
	    !ftps_enter_as(&t, "anna", TLS1_3_VERSION, FTPS_REUSE_FIRST))
		return;
	EXPECT(&t.c, 200, "CCC");
	CHECK(ftps_clear_control(&t));
	for (int n = 0; n < 12; n++) {
		CHECK_NUMBER(put(&t), 226);
		CHECK(t.resumed);
	}
	t.reuse = FTPS_REUSE_ONCE;
	for (int n = 0; n < 12; n++) {
		free(ftp_get(&t.c, &(size_t){ 0 }, "RETR f"));
		EXPECT_WAS(&t.c, 226);
		CHECK(t.resumed);
	}
	int code = 226;
	for (int n = 0; n < 12 && code == 226; n++)
		code = put(&t);
	CHECK_NUMBER(code, 522);
	CHECK_HAS(t.c.text, "session_reuse");
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "require: 522 with the setting's name", test_require },
	{ "prefer and off: no resumption needed", test_prefer_and_off },
	{ "session_reuse_for: by the client's network", test_by_network },
	{ "session_reuse of an account", test_by_user },
	{ "a ticket of another account is refused", test_stolen },
	{ "a ticket of another account with the same uid is refused",
		test_stolen_in_file },
	{ "a ticket from a refused data connection is refused",
		test_ticket_of_a_refused_connection },
	{ "prefer: tickets of others do not resume", test_stolen_under_prefer },
	{ "a ticket opens no new control connection",
		test_on_a_new_control_connection },
	{ "many transfers after CCC", test_after_ccc },
	CU_TEST_INFO_NULL,
};
