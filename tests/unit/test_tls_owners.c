/*
 * test_tls_owners.c - which tickets are accepted for which session (rule R13).
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "common/settings/settings.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

const char *const unit_name = "tls_owners";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static struct tls_server *server;
static SSL_CTX *clients[2];

static bool
open_control(struct tls_pair *control, SSL_CTX *client)
{
	return tls_pair_control(control, server, client);
}

static bool
resumes(enum tls_use use, const struct tls_binding *binding, SSL_CTX *client,
	SSL_SESSION *session, int *tickets)
{
	return tls_pair_resumes(server, use, binding, client, session,
		tickets);
}

static void
own_tickets_are_good(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair control;

		if (open_control(&control, clients[i]))
			for (int n = 0; n < 20; n++)
				CU_ASSERT_TRUE(resumes(TLS_DATA,
					&tls_pair_binding, clients[i],
					tls_pair_ticket(&control), NULL));
		tls_pair_free(&control);
	}
}

/* The tickets of a control connection in this version, offered to a session
 * that differs from it. */
static bool
opens(size_t version, const struct tls_binding *other)
{
	struct tls_pair control;
	bool good = open_control(&control, clients[version]) &&
		resumes(TLS_DATA, other, clients[version],
			tls_pair_ticket(&control), NULL);

	tls_pair_free(&control);
	return good;
}

/* A server that was started again has other keys. */
static void
other_keys_are_refused(void)
{
	for (size_t at = 0; at < MESSAGE_TICKET_KEYS_SIZE; at += 16) {
		struct tls_binding other = tls_pair_binding;

		other.own[at] ^= 1;
		CU_ASSERT_FALSE(opens(0, &other));
		CU_ASSERT_TRUE(opens(1, &other));
		other = tls_pair_binding;
		other.account[at] ^= 1;
		CU_ASSERT_TRUE(opens(0, &other));
		CU_ASSERT_FALSE(opens(1, &other));
	}
}

/* Even under the same keys, TLS 1.2 opens its own session only. */
static void
strict_is_for_one_session(void)
{
	struct tls_binding other = tls_pair_binding;

	other.session++;
	CU_ASSERT_FALSE(opens(0, &other));
	CU_ASSERT_TRUE(opens(1, &other));
	other.reuse = REUSE_STRICT;
	CU_ASSERT_FALSE(opens(0, &other));
	CU_ASSERT_FALSE(opens(1, &other));
	other.reuse = REUSE_PREFER;
	CU_ASSERT_FALSE(opens(0, &other));
	CU_ASSERT_TRUE(opens(1, &other));
	struct tls_binding same = tls_pair_binding;
	same.reuse = REUSE_STRICT;
	CU_ASSERT_TRUE(opens(0, &same));
	CU_ASSERT_TRUE(opens(1, &same));
}

/* The session of an account, as the monitor makes it at login. */
static struct tls_binding
logged_in(uint64_t session, const char *account, const char *from)
{
	static const uint8_t secret[TLS_SECRET_SIZE] = "the master's secret";
	struct tls_binding b = { .session = session, .reuse = REUSE_REQUIRE,
		.has_account = true };
	struct address address;

	memset(b.own, (int)session, sizeof(b.own));
	CU_ASSERT_EQUAL(address_parse(&address, from), 0);
	CU_ASSERT_EQUAL(tls_account_keys(secret, account, &address,
		b.account), 0);
	return b;
}

/* As glib-networking does it, which keeps tickets by host and port. */
static void
two_connections_swap_tickets(void)
{
	const struct tls_binding bindings[] = {
		logged_in(1, "uid 1000", "192.0.2.1"),
		logged_in(2, "uid 1000", "192.0.2.1"),
	};
	struct tls_pair control[2];

	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_TRUE(tls_pair_open(&control[i], server, TLS_CONTROL,
			&bindings[i], clients[1], NULL));
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(resumes(TLS_DATA, &bindings[1 - i], clients[1],
			tls_pair_ticket(&control[i]), NULL));
		CU_ASSERT_TRUE(resumes(TLS_DATA_UPLOAD, &bindings[1 - i],
			clients[1], tls_pair_ticket(&control[i]), NULL));
		tls_pair_free(&control[i]);
	}
}

static bool
swaps(const struct tls_binding *one, const struct tls_binding *other)
{
	struct tls_pair control;

	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL, one,
		clients[1], NULL));
	bool good = resumes(TLS_DATA, other, clients[1],
		tls_pair_ticket(&control), NULL);
	tls_pair_free(&control);
	return good;
}

static void
accounts_and_addresses_stay_apart(void)
{
	static const struct {
		const char *account, *from;
		bool good;
	} rows[] = {
		{ "uid 1000", "192.0.2.1", true },
		{ "uid 1001", "192.0.2.1", false },
		{ "uid 100", "192.0.2.1", false },
		{ "uid 1000", "192.0.2.2", false },
		{ "uid 1000", "2001:db8::1", false },
		{ "", "192.0.2.1", false },
	};
	const struct tls_binding own = logged_in(1, "uid 1000", "192.0.2.1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct tls_binding other = logged_in(2, rows[i].account,
			rows[i].from);

		CU_ASSERT_EQUAL(swaps(&own, &other), rows[i].good);
	}
	/* Privacy addresses change within a /64. */
	const struct tls_binding six[] = {
		logged_in(1, "uid 1000", "2001:db8:0:1::1"),
		logged_in(2, "uid 1000", "2001:db8:0:1:ffff::2"),
		logged_in(3, "uid 1000", "2001:db8:0:2::1"),
	};
	CU_ASSERT_TRUE(swaps(&six[0], &six[1]));
	CU_ASSERT_FALSE(swaps(&six[0], &six[2]));
}

static void
account_keys_depend_on_all(void)
{
	static const uint8_t secrets[2][TLS_SECRET_SIZE] = { "one", "other" };
	uint8_t keys[2][MESSAGE_TICKET_KEYS_SIZE];
	char name[MESSAGE_ACCOUNT_SIZE + 1];
	struct address a;

	CU_ASSERT_EQUAL(address_parse(&a, "192.0.2.1"), 0);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(tls_account_keys(secrets[i], "uid 0", &a,
			keys[i]), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(keys[0], keys[1], sizeof(keys[0])), 0);
	CU_ASSERT_EQUAL(tls_account_keys(secrets[0], "uid 0", &a, keys[1]),
		0);
	CU_ASSERT_EQUAL(memcmp(keys[0], keys[1], sizeof(keys[0])), 0);
	memset(name, 'a', sizeof(name));
	name[MESSAGE_ACCOUNT_SIZE - 1] = '\0';
	CU_ASSERT_EQUAL(tls_account_keys(secrets[0], name, &a, keys[0]), 0);
	name[MESSAGE_ACCOUNT_SIZE - 1] = 'a';
	name[MESSAGE_ACCOUNT_SIZE] = '\0';
	CU_ASSERT_EQUAL(tls_account_keys(secrets[0], name, &a, keys[0]),
		-EIO);
}

/* TLS 1.3: nothing that data connections could resume. */
static void
no_ticket_before_the_login(void)
{
	struct tls_binding early = tls_pair_binding;
	struct tls_pair control;
	short events;

	early.has_account = false;
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL, &early,
		clients[1], NULL));
	CU_ASSERT_TRUE(tls_pair_talks(&control));
	CU_ASSERT_EQUAL(tls_pair_tickets(&control), 0);
	CU_ASSERT_EQUAL(tls_send_ticket(control.server, &events), -ENOTSUP);
	CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding, clients[1],
		SSL_get_session(control.client), NULL));
	CU_ASSERT_TRUE(tls_pair_log_in(&control, &tls_pair_binding));
	CU_ASSERT_EQUAL(tls_pair_tickets(&control), 2);
	CU_ASSERT_TRUE(resumes(TLS_DATA, &tls_pair_binding, clients[1],
		tls_pair_ticket(&control), NULL));
	tls_pair_free(&control);
}

/* And no new control connection resumes anything. */
static void
no_resumption_before_the_login(void)
{
	struct tls_binding early = tls_pair_binding;
	struct tls_pair control;

	early.has_account = false;
	CU_ASSERT_TRUE(open_control(&control, clients[1]));
	CU_ASSERT_FALSE(resumes(TLS_CONTROL, &early, clients[1],
		tls_pair_ticket(&control), NULL));
	tls_pair_free(&control);
}

/* A stranger's data connection that is served (prefer) may resume what it got
 * there, and nothing that has to be proven. */
static void
strangers_prove_nothing(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_binding prefer = tls_pair_binding;
		struct tls_pair stranger, again;

		prefer.reuse = REUSE_PREFER;
		CU_ASSERT_TRUE(tls_pair_open(&stranger, server, TLS_DATA,
			&prefer, clients[i], NULL));
		CU_ASSERT_FALSE(tls_resumed(stranger.server));
		CU_ASSERT_TRUE(tls_did_not_resume(stranger.server));
		SSL_SESSION *s = SSL_SESSION_dup(tls_pair_ticket(&stranger));
		CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding,
			clients[i], s, NULL));
		CU_ASSERT_TRUE(tls_pair_open(&again, server, TLS_DATA,
			&prefer, clients[i], s));
		CU_ASSERT_TRUE(tls_resumed(again.server));
		/* Resuming it makes it no better. */
		if (tls_pair_ticket(&again) != NULL)
			CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding,
				clients[i], tls_pair_ticket(&again), NULL));
		SSL_SESSION_free(s);
		tls_pair_free(&again);
		tls_pair_free(&stranger);
	}
}

static void
begin(void)
{
	server = tls_pair_begin();
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
		clients[i] = tls_pair_client(versions[i]);
}

static void
end(void)
{
	SSL_CTX_free(clients[0]);
	SSL_CTX_free(clients[1]);
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"a session's tickets are good for it", own_tickets_are_good},
	{"not with other keys", other_keys_are_refused},
	{"strict, and TLS 1.2: for one session", strict_is_for_one_session},
	{"two connections of an account swap tickets (TLS 1.3)",
		two_connections_swap_tickets},
	{"accounts and addresses stay apart",
		accounts_and_addresses_stay_apart},
	{"an account's keys depend on secret, account and address",
		account_keys_depend_on_all},
	{"no ticket before the login (TLS 1.3)", no_ticket_before_the_login},
	{"no resumption before the login (TLS 1.3)",
		no_resumption_before_the_login},
	{"what a stranger gets proves nothing", strangers_prove_nothing},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
