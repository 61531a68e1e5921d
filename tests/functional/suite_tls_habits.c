/*
 * suite_tls_habits.c - how clients use tickets, and that all of them work
 * (field map 2, 3 and 35).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

const char *const functional_name = "tls_habits";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* An upload's last code. */
static int
put(struct ftps *t)
{
	return ftp_put(&t->c, "data", 4, "STOR f");
}

/* kind 0: uploads only, 1: downloads only, 2: in turn. */
static void
check_fifty(struct ftps *t, int kind)
{
	for (int i = 0; i < 50; i++) {
		bool up = kind == 0 || (kind == 2 && i % 2 == 0);
		if (up)
			put(t);
		else
			free(ftp_get(&t->c, &(size_t){ 0 }, "RETR f"));
		if (!EXPECT_WAS(&t->c, 226) ||
		    !CHECK_SAYS(t->resumed, "number %d did not resume", i))
			return;
	}
}

static void
test_fifty_connections(enum ftps_reuse reuse)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 6; i++) {
		if (!ftps_enter_as(&t, "anna", versions[i % 2], reuse))
			return;
		CHECK_NUMBER(put(&t), 226);
		check_fifty(&t, i / 2);
		CHECK_SAYS(t.control_tickets + t.data_tickets < 160,
			"%zu and %zu tickets", t.control_tickets,
			t.data_tickets);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Field map 2: Java's way; in TLS 1.3 each ticket opens one connection. */
static void
test_single_use(void)
{
	test_fifty_connections(FTPS_REUSE_ONCE);
}

static void
test_always_the_first(void)
{
	test_fifty_connections(FTPS_REUSE_FIRST);
}

static void
test_always_the_last(void)
{
	test_fifty_connections(FTPS_REUSE_LAST);
}

/* Field map 1: TLS 1.2 without tickets. */
static void
test_session_ids(void)
{
	struct server s;
	struct ftps t, thief;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	t.no_tickets = true;
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK_NUMBER(t.control_tickets, 0);
	CHECK_NUMBER(put(&t), 226);
	check_fifty(&t, 2);
	/* A session ID is not valid in another session either. */
	ftps_init(&thief);
	thief.version = TLS1_2_VERSION;
	thief.no_tickets = true;
	if (!ftps_enter(&thief, "anna"))
		return;
	thief.foreign = ftps_steal(&t);
	CHECK(thief.foreign != NULL);
	CHECK_NUMBER(put(&thief), 522);
	SSL_SESSION_free(thief.foreign);
	ftp_close(&thief.c);
	ftp_close(&t.c);
	server_stop(&s);
}

/* The client has prepared a ClientHello with its newest ticket, but does not
 * send it. */
static void
spend_in_vain(struct ftps *t, bool abort)
{
	CHECK_NUMBER(ftps_start_raw(t, "STOR f"), 150);
	if (t->ntickets > 0)
		SSL_SESSION_free(t->tickets[--t->ntickets]);
	if (abort) {
		EXPECT(&t->c, 426, "ABOR");
		EXPECT_REPLY(&t->c, 226);
		ftp_data_close(&t->c);
		return;
	}
	ftp_finish(&t->c);
	CHECK_SAYS(t->c.code >= 400, "%s", t->c.text);
}

/* Failed data connections have used up tickets, too. */
static void
test_single_use_and_refusals(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) ||
	    !ftps_enter_as(&t, "anna", TLS1_3_VERSION, FTPS_REUSE_ONCE))
		return;
	for (int i = 0; i < 20; i++) {
		CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
		t.end = FTPS_END_RESET;
		ftp_finish(&t.c);
		t.end = FTPS_END_NOTIFY;
		spend_in_vain(&t, i % 2 == 0);
		spend_in_vain(&t, true);
		EXPECT(&t.c, 229, "EPSV");
		ftp_command(&t.c, "RETR missing");
		CHECK_NUMBER(t.c.code, 550);
		if (!CHECK_NUMBER(put(&t), 226))
			break;
	}
	ftp_close(&t.c);
	server_stop(&s);
}

/* Field map 3: a client that only writes must not receive data. */
static void
test_none_on_uploads(void)
{
	static const char *const options[] = { "tls.session_reuse=require",
		"tls.session_reuse=prefer", "tls.session_reuse=off" };
	struct server s;
	struct ftps t;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!FTPS_SERVER(&s, options[i]) ||
		    !ftps_enter_as(&t, "anna", TLS1_3_VERSION, i == 0
					? FTPS_REUSE_ONCE
					: FTPS_REUSE_NONE))
			return;
		for (int n = 0; n < 3; n++) {
			CHECK_NUMBER(ftp_start(&t.c, "%s f",
					     n == 1 ? "APPE" : "STOR"), 150);
			CHECK_NUMBER(ftp_data_send(&t.c, "data", 4), 4);
			ftps_data_drain(&t);
			CHECK_NUMBER(t.data_tickets, 0);
			CHECK_NUMBER(t.data_alert, SSL_AD_CLOSE_NOTIFY);
			CHECK_NUMBER(ftp_finish(&t.c), 226);
		}
		ftp_close(&t.c);
		server_stop(&s);
	}
}

/* Field map 3: a large upload by a client that never reads. */
static void
test_no_lost_tail(void)
{
	size_t len = 3000000;
	char *data = files_pattern(len);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.session_reuse=prefer") ||
	    !ftps_enter_as(&t, "anna", TLS1_3_VERSION, FTPS_REUSE_NONE))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	for (int i = 0; i < 20; i++) {
		if (!CHECK_NUMBER(ftp_put(&t.c, data, len, "STOR f"), 226))
			break;
		CHECK(files_same("/home/anna/f", data, len));
	}
	ftp_close(&t.c);
	server_stop(&s);
	free(data);
}

static void
test_tickets_of_data_connections(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) ||
	    !ftps_enter_as(&t, "anna", TLS1_3_VERSION, FTPS_REUSE_LAST))
		return;
	CHECK_NUMBER(put(&t), 226);
	for (int i = 0; i < 10; i++) {
		free(ftp_get(&t.c, &(size_t){ 0 }, "RETR f"));
		EXPECT_WAS(&t.c, 226);
		CHECK_NUMBER(t.data_tickets, (size_t)i + 1);
		/* The newest ticket is from the data connection. */
		t.foreign = ftps_steal(&t);
		CHECK_NUMBER(put(&t), 226);
		CHECK(t.resumed);
		SSL_SESSION_free(t.foreign);
		t.foreign = NULL;
	}
	ftp_close(&t.c);
	server_stop(&s);
}

/* Only data commands bring tickets, and they last as long as a session may. */
static void
test_number_and_lifetime(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		if (!ftps_enter_as(&t, "anna", versions[v], FTPS_REUSE_ONCE))
			return;
		size_t before = t.control_tickets;
		CHECK_SAYS(before >= 1 && before <= 4, "%zu tickets", before);
		/* Java throws away what is announced for over a week. */
		CHECK_SAYS(t.lifetime >= 86400 && t.lifetime <= 7 * 86400,
			"%lu seconds", t.lifetime);
		for (int i = 0; i < 20; i++)
			EXPECT(&t.c, 200, "NOOP");
		CHECK_NUMBER(t.control_tickets, before);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Of OpenSSL 3.5 and later.  With an older one, a group that both know. */
static const char *
newest_group(void)
{
	char hybrid[] = "X25519MLKEM768";	/* the macro drops const */
	SSL_CTX *context = SSL_CTX_new(TLS_method());
	bool known = context != NULL &&
		SSL_CTX_set1_groups_list(context, hybrid) == 1;

	SSL_CTX_free(context);
	return known ? "X25519MLKEM768" : "X25519";
}

/* Only this group, so that it is used behind all filters: by the greeter and
 * by the session. */
static void
test_newest_group(void)
{
	struct server s;
	struct ftps t;
	char groups[64];

	snprintf(groups, sizeof(groups), "tls.groups=%s", newest_group());
	if (!FTPS_SERVER(&s, groups))
		return;
	for (enum ftps_reuse reuse = FTPS_REUSE_ONCE;
		reuse <= FTPS_REUSE_LAST; reuse++) {
		ftps_init(&t);
		t.version = TLS1_3_VERSION;
		t.reuse = reuse;
		t.groups = newest_group();
		if (!ftps_enter(&t, "anna"))
			return;
		CHECK_NUMBER(put(&t), 226);
		ftp_check_get(&t.c, "data");
		ftp_close(&t.c);
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "each ticket used once, fifty data connections", test_single_use },
	{ "session IDs instead of tickets (TLS 1.2)", test_session_ids },
	{ "always the first ticket", test_always_the_first },
	{ "always the newest ticket", test_always_the_last },
	{ "tickets used up by failed transfers", test_single_use_and_refusals },
	{ "uploads send no ticket", test_none_on_uploads },
	{ "uploads are complete if the client never reads", test_no_lost_tail },
	{ "tickets from data connections are accepted",
		test_tickets_of_data_connections },
	{ "number and lifetime of tickets", test_number_and_lifetime },
	{ "post-quantum key exchange", test_newest_group },
	CU_TEST_INFO_NULL,
};
