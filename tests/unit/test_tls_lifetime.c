/*
 * test_tls_lifetime.c - sessions that go on for longer than clients keep their
 * tickets.
 */
#include "common/base.h"
#include "worker/tls_control.h"

#include "tests/unit/talk.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include "common/clock.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#define DAY 86400

const char *const unit_name = "tls_lifetime";

static struct tls_server *server;
static time_t later;	/* seconds that OpenSSL takes for passed */

/* It asks the one or, since 3.2, the other. */
time_t
time(time_t *now)
{
	time_t t = (time_t)(clock_wall_ns() / 1000000000) + later;

	if (now != NULL)
		*now = t;
	return t;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone UNUSED)
{
	now->tv_sec = time(NULL);
	now->tv_usec = 0;
	return 0;
}

#if LONG_MAX == INT32_MAX
/* An OpenSSL with times of 32 bits; the two above have other names for the
 * linker then. */
long short_time(long *now) __asm__("time");
int short_gettimeofday(long *now, void *zone) __asm__("gettimeofday");

long
short_time(long *now)
{
	long t = (long)time(NULL);

	if (now != NULL)
		*now = t;
	return t;
}

int
short_gettimeofday(long *now, void *zone UNUSED)
{
	now[0] = (long)time(NULL);
	now[1] = 0;
	return 0;
}
#endif

/* Does a data connection resume this session of its control connection? */
static bool
resumes(SSL_CTX *client, SSL_SESSION *session)
{
	SSL_SESSION *copy = SSL_SESSION_dup(session);
	struct tls_pair data;

	CU_ASSERT_TRUE(tls_pair_open(&data, server, TLS_DATA,
		&tls_pair_binding, client, copy));
	bool resumed = tls_resumed(data.server);
	SSL_SESSION_free(copy);
	tls_pair_free(&data);
	return resumed;
}

static void
begin(void)
{
	server = tls_pair_begin();
}

/* There are no later tickets. */
static void
tls_1_2_lasts(void)
{
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);
	struct tls_pair control;

	later = 0;
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	for (later = 6 * DAY; later < 500 * DAY; later += 97 * DAY)
		CU_ASSERT_TRUE(resumes(client, tls_pair_ticket(&control)));
	tls_pair_free(&control);
	SSL_CTX_free(client);
}

/* By its number, too. */
static void
tls_1_2_lasts_without_tickets(void)
{
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);
	struct tls_saved saved;
	struct tls_pair control;

	later = 0;
	SSL_CTX_set_options(client, SSL_OP_NO_TICKET);
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	tls_save(control.server, &saved);
	tls_server_resume_saved(server, &saved);
	later = 300 * DAY;
	CU_ASSERT_TRUE(resumes(client, SSL_get_session(control.client)));
	tls_pair_free(&control);
	SSL_CTX_free(client);
}

static void
tls_1_3_goes_on_with_later_tickets(void)
{
	SSL_CTX *client = tls_pair_client(TLS1_3_VERSION);
	struct tls_pair control;
	short events;

	later = 0;
	CU_ASSERT_TRUE(tls_pair_open(&control, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	for (int i = 1; i <= 5; i++) {
		later = i * (TLS_RENEWAL_SECONDS + DAY);
		CU_ASSERT_TRUE(resumes(client, tls_pair_ticket(&control)));
		CU_ASSERT_EQUAL(tls_send_ticket(control.server, &events), 0);
		tls_pair_let_client_read(&control);
	}
	later += 8 * DAY;
	CU_ASSERT_FALSE(resumes(client, tls_pair_ticket(&control)));
	later = 0;
	tls_pair_free(&control);
	SSL_CTX_free(client);
}

/* Does the session ask its relay, whose end this is, for a ticket? */
static bool
asks(struct session *s, int relay)
{
	struct message m;

	tls_control_fresh_ticket(s);
	CU_ASSERT(s->stage != SESSION_OVER);
	return recv(relay, &m, sizeof(m), MSG_DONTWAIT) > 0;
}

static void
old_tickets_are_renewed(void)
{
	struct session *s;
	struct talk t;
	int fds[2];

	talk_open(&t, true);
	s = &t.session;
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	channel_open(&s->relay, fds[0], PARTY_SESSION, PARTY_GREETER,
		&channel_any_phase);
	s->choices.prot = 'P';
	s->tls.on = true;
	snprintf(s->tls.version, sizeof(s->tls.version), "TLSv1.3");
	s->ticket_old = clock_after(TLS_RENEWAL_SECONDS);
	/* None was spent, none is old. */
	CU_ASSERT_FALSE(asks(s, fds[1]));
	s->data_attempts = 1;
	CU_ASSERT_TRUE(asks(s, fds[1]));
	CU_ASSERT_FALSE(asks(s, fds[1]));
	CU_ASSERT(s->ticket_old > clock_ms() + DAY * 1000);
	CU_ASSERT(s->ticket_old < clock_ms() + 6 * DAY * INT64_C(1000));
	s->ticket_old = clock_ms() - 1;
	CU_ASSERT_TRUE(asks(s, fds[1]));
	CU_ASSERT_FALSE(asks(s, fds[1]));
	close(fds[0]);
	close(fds[1]);
	talk_close(&t);
}

static void
end(void)
{
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{ "keys and certificates are made and loaded", begin },
	{ "TLS 1.2: one ticket for as long as the session lasts",
		tls_1_2_lasts },
	{ "TLS 1.2: one session ID", tls_1_2_lasts_without_tickets },
	{ "TLS 1.3: each ticket for a week, and always a next one",
		tls_1_3_goes_on_with_later_tickets },
	{ "the session requests a new ticket in time",
		old_tickets_are_renewed },
	{ "everything can be freed", end },
	CU_TEST_INFO_NULL,
};
