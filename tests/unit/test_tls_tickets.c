/*
 * test_tls_tickets.c - number and lifetime of tickets, and what else can be
 * resumed.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

const char *const unit_name = "tls_tickets";

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
tampered_tickets_are_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair control;
		const unsigned char *ticket;
		size_t len;

		if (!open_control(&control, clients[i])) {
			tls_pair_free(&control);
			continue;
		}
		SSL_SESSION_get0_ticket(tls_pair_ticket(&control), &ticket,
			&len);
		CU_ASSERT_TRUE(len > 64);
		for (size_t at = 0; at < len; at += len / 7) {
			unsigned char *byte = (unsigned char *)(uintptr_t)
				(ticket + at);

			*byte ^= 0x40;
			CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding,
				clients[i], tls_pair_ticket(&control), NULL));
			*byte ^= 0x40;
		}
		CU_ASSERT_TRUE(resumes(TLS_DATA, &tls_pair_binding, clients[i],
			tls_pair_ticket(&control), NULL));
		tls_pair_free(&control);
	}
}

/* Clients without tickets (TLS 1.2): only what was handed over is resumed. */
static void
a_saved_session_is_resumed_by_its_number(void)
{
	struct tls_pair control;
	struct tls_saved saved, other = { .len = 3, .data = "???" };
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);

	SSL_CTX_set_options(client, SSL_OP_NO_TICKET);
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	SSL_SESSION *session = SSL_get1_session(control.client);
	unsigned len;
	SSL_SESSION_get_id(session, &len);
	CU_ASSERT_TRUE(len > 0);
	CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding, client, session,
		NULL));

	tls_save(control.server, &saved);
	tls_server_resume_saved(server, &saved);
	CU_ASSERT_TRUE(resumes(TLS_DATA, &tls_pair_binding, client, session,
		NULL));
	CU_ASSERT_TRUE(resumes(TLS_DATA_UPLOAD, &tls_pair_binding, client,
		session, NULL));

	tls_server_resume_saved(server, &other);
	CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding, client, session,
		NULL));
	SSL_SESSION_free(session);
	tls_pair_free(&control);
	SSL_CTX_free(client);
}

static void
nothing_is_saved_of_tls_1_3(void)
{
	struct tls_pair control;
	struct tls_saved saved = { .len = 1 };
	SSL_CTX *client = tls_pair_client(TLS1_3_VERSION);

	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	tls_save(control.server, &saved);
	CU_ASSERT_EQUAL(saved.len, 0);
	tls_pair_free(&control);
	SSL_CTX_free(client);
}

static void
control_gives_two_downloads_one_uploads_none(void)
{
	struct tls_pair control;
	SSL_CTX *client = clients[1];
	int tickets;

	if (open_control(&control, client)) {
		SSL_SESSION *s = tls_pair_ticket(&control);

		CU_ASSERT_EQUAL(tls_pair_tickets(&control), 2);
		CU_ASSERT_TRUE(resumes(TLS_DATA, &tls_pair_binding, client, s,
			&tickets));
		CU_ASSERT_EQUAL(tickets, 1);
		CU_ASSERT_TRUE(resumes(TLS_DATA_UPLOAD, &tls_pair_binding,
			client, s, &tickets));
		CU_ASSERT_EQUAL(tickets, 0);
	}
	tls_pair_free(&control);
	CU_ASSERT_FALSE(resumes(TLS_DATA, &tls_pair_binding, client, NULL,
		&tickets));
	CU_ASSERT_EQUAL(tickets, 1);
	CU_ASSERT_FALSE(resumes(TLS_DATA_UPLOAD, &tls_pair_binding, client,
		NULL, &tickets));
	CU_ASSERT_EQUAL(tickets, 0);
}

/* A ticket from a data connection leads to the next, and so on. */
static void
tickets_of_data_connections_are_good(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair control;

		if (!open_control(&control, clients[i])) {
			tls_pair_free(&control);
			continue;
		}
		SSL_SESSION *s = tls_pair_ticket(&control);
		SSL_SESSION_up_ref(s);
		for (int n = 0; n < 5; n++) {
			struct tls_pair p;

			CU_ASSERT_TRUE(tls_pair_open(&p, server, TLS_DATA,
				&tls_pair_binding, clients[i], s));
			CU_ASSERT_TRUE(tls_resumed(p.server));
			if (tls_pair_ticket(&p) != NULL) {
				SSL_SESSION_free(s);
				s = tls_pair_ticket(&p);
				SSL_SESSION_up_ref(s);
			}
			tls_pair_free(&p);
		}
		SSL_SESSION_free(s);
		tls_pair_free(&control);
	}
}

/* As Java does: every ticket once, and only those of the control connection;
 * the server sends one before each transfer. */
static void
single_use_clients_get_fresh_ones(void)
{
	struct tls_pair control;
	short events;

	if (open_control(&control, clients[1]))
		for (int n = 1; n <= 30; n++) {
			CU_ASSERT_EQUAL(tls_send_ticket(control.server,
				&events), 0);
			CU_ASSERT_TRUE(tls_pair_talks(&control));
			CU_ASSERT_EQUAL(tls_pair_tickets(&control), 2 + n);
			CU_ASSERT_TRUE(resumes(TLS_DATA_UPLOAD,
				&tls_pair_binding, clients[1],
				tls_pair_ticket(&control), NULL));
		}
	tls_pair_free(&control);
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, clients[0], NULL));
	CU_ASSERT_EQUAL(tls_send_ticket(control.server, &events), -ENOTSUP);
	CU_ASSERT_TRUE(tls_pair_talks(&control));
	tls_pair_free(&control);
}

/* A client that does not read must not stop the server, nor be lost. */
static void
a_ticket_waits_for_room(void)
{
	struct tls_pair control;
	static char data[65536];
	short events = 0;
	int sent = 0, error = 0;

	if (!open_control(&control, clients[1]))
		return tls_pair_free(&control);
	while (sent < 100000 && error == 0) {
		error = tls_send_ticket(control.server, &events);
		sent += error == 0;
	}
	CU_ASSERT_EQUAL(error, -EAGAIN);
	CU_ASSERT_TRUE(sent > 10);
	tls_pair_let_client_read(&control);
	CU_ASSERT_EQUAL(tls_send_ticket(control.server, &events), 0);
	tls_pair_let_client_read(&control);
	CU_ASSERT_EQUAL(tls_pair_tickets(&control), 2 + sent + 1);
	CU_ASSERT_TRUE(tls_pair_talks(&control));
	CU_ASSERT_EQUAL(SSL_read(control.client, data, sizeof(data)), -1);
	tls_pair_free(&control);
}

/* A week: more than that Java throws away, and TLS 1.3 forbids it.  And never
 * early data. */
static void
tickets_are_announced_for_a_week(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair control;

		if (open_control(&control, clients[i])) {
			SSL_SESSION *s = tls_pair_ticket(&control);

			CU_ASSERT_EQUAL(
				SSL_SESSION_get_ticket_lifetime_hint(s),
				7 * 86400);
			CU_ASSERT_EQUAL(SSL_SESSION_get_max_early_data(s), 0);
		}
		tls_pair_free(&control);
	}
}

/* Resumption needs nobody's signature; without one there is nothing else. */
static void
resumption_needs_no_keys(void)
{
	struct tls_pair control[2];

	CU_ASSERT_TRUE(open_control(&control[0], clients[0]));
	CU_ASSERT_TRUE(open_control(&control[1], clients[1]));
	tls_server_sign_by(server, NULL, NULL);
	CU_ASSERT_TRUE(tls_server_on(server));
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;

		CU_ASSERT_TRUE(resumes(TLS_DATA, &tls_pair_binding, clients[i],
			tls_pair_ticket(&control[i]), NULL));
		CU_ASSERT_FALSE(tls_pair_open(&p, server, TLS_DATA,
			&tls_pair_binding, clients[i], NULL));
		CU_ASSERT_EQUAL(p.result, -EPROTO);
		CU_ASSERT_TRUE(tls_did_not_resume(p.server));
		CU_ASSERT_STRING_EQUAL(tls_error(p.server), "no signature: "
			"the private key is not available");
		tls_pair_free(&p);
		tls_pair_free(&control[i]);
	}
	CU_ASSERT_TRUE(tls_server_take_keys(server));
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
	{"a ticket that was tampered with is refused",
		tampered_tickets_are_refused},
	{"of TLS 1.3 nothing is saved", nothing_is_saved_of_tls_1_3},
	{"a saved session by number", a_saved_session_is_resumed_by_its_number},
	{"two tickets on control, one on downloads, none on uploads",
		control_gives_two_downloads_one_uploads_none},
	{"data connections' tickets are good, too",
		tickets_of_data_connections_are_good},
	{"clients that use each ticket once get new ones",
		single_use_clients_get_fresh_ones},
	{"a ticket waits for a slow client", a_ticket_waits_for_room},
	{"tickets are announced for a week, without early data",
		tickets_are_announced_for_a_week},
	{"without keys only resumption is left", resumption_needs_no_keys},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
