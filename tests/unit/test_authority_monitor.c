/*
 * test_authority_monitor.c - requests of the session to the monitor over the
 * channel, and how answers are handled.
 */
#include "common/base.h"

#include "tests/unit/asked.h"
#include "tests/unit/unit.h"

#include "common/clock.h"

#include <sys/socket.h>

const char *const unit_name = "authority_monitor";

/* --- a socket on a privileged port */

static int
active_socket(struct talk *t)
{
	struct address to;

	CU_ASSERT_EQUAL_FATAL(address_parse(&to, "127.0.0.1"), 0);
	address_set_port(&to, 47361);
	return t->session.authority.active_socket(
		t->session.authority.context, &to);
}

static void
check_question(void)
{
	struct message m;

	CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_active_bind);
	CU_ASSERT_EQUAL(address_port(&m.active_bind.to), 47361);
}

static void
test_socket(void)
{
	struct message m;
	struct talk t;

	asked_begin(&t, true);
	message_zero(&m);
	m.type = MESSAGE_active_socket;
	m.fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	asked_answer(&m);
	int fd = active_socket(&t);
	CU_ASSERT(fd >= 0);
	check_question();
	close(fd);
	close(m.fds[0]);
	talk_close(&t);
}

static void
check_refusal(int error, int expected)
{
	struct message m;
	struct talk t;

	asked_begin(&t, true);
	message_zero(&m);
	m.type = MESSAGE_active_refused;
	m.active_refused.error = error;
	asked_answer(&m);
	uint32_t before = event_count();
	CU_ASSERT_EQUAL(active_socket(&t), expected);
	CU_ASSERT_EQUAL(event_count(), before + 1);
	check_question();
	talk_close(&t);
}

static void
test_socket_refused(void)
{
	struct talk t;

	check_refusal(EADDRINUSE, -EADDRINUSE);
	/* A monitor's mistake is no success. */
	check_refusal(0, -EIO);

	asked_begin(&t, true);
	asked_end_session(false);
	CU_ASSERT_EQUAL(active_socket(&t), -ECANCELED);
	talk_close(&t);

	asked_begin(&t, true);
	shutdown(t.monitor, SHUT_RDWR);
	CU_ASSERT_EQUAL(active_socket(&t), -ECANCELED);
	talk_close(&t);
}

/* --- logins */

static bool
log_in(struct talk *t, struct message *m)
{
	message_zero(m);
	m->type = MESSAGE_auth;
	snprintf(m->auth.user, sizeof(m->auth.user), "anna");
	snprintf(m->auth.password, sizeof(m->auth.password), "secret");
	return t->session.authority.log_in(t->session.authority.context, m);
}

static void
test_log_in(void)
{
	struct message m;
	struct talk t;

	asked_begin(&t, false);
	message_zero(&m);
	m.type = MESSAGE_denied;
	m.denied.denial = DENIAL_BUSY;
	/* The server begins to shut down meanwhile. */
	asked_end_session(false);
	asked_answer(&m);
	CU_ASSERT_TRUE(log_in(&t, &m));
	CU_ASSERT_EQUAL(m.type, MESSAGE_denied);
	CU_ASSERT_EQUAL(m.denied.denial, DENIAL_BUSY);
	CU_ASSERT(t.session.stage == SESSION_STOPPING);
	CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_auth);
	CU_ASSERT_STRING_EQUAL(m.auth.user, "anna");
	CU_ASSERT_STRING_EQUAL(m.auth.password, "secret");
	talk_close(&t);
}

static void
test_log_in_unanswered(void)
{
	static struct message nothing;
	struct message m;
	struct talk t;

	asked_begin(&t, false);
	t.session.login.deadline = clock_ms() + 100;
	CU_ASSERT_FALSE(log_in(&t, &m));
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_LOGIN_TIMEOUT);
	/* The password does not stay. */
	CU_ASSERT_EQUAL(memcmp(&m.auth, &nothing.auth, sizeof(m.auth)), 0);
	talk_close(&t);

	asked_begin(&t, false);
	shutdown(t.monitor, SHUT_RDWR);
	CU_ASSERT_FALSE(log_in(&t, &m));
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_STOPPED);
	talk_close(&t);
}

/* --- logins in cleartext */

static int
cleartext_login(struct talk *t)
{
	return t->session.authority.cleartext_login(
		t->session.authority.context, "anna");
}

static void
test_cleartext_login(void)
{
	struct message m;
	struct talk t;

	for (int granted = 0; granted < 2; granted++) {
		asked_begin(&t, false);
		message_zero(&m);
		m.type = MESSAGE_cleartext_verdict;
		m.cleartext_verdict.granted = granted;
		/* The server begins to shut down meanwhile. */
		asked_end_session(false);
		asked_answer(&m);
		CU_ASSERT_EQUAL(cleartext_login(&t), granted);
		CU_ASSERT(t.session.stage == SESSION_STOPPING);
		CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
		CU_ASSERT_EQUAL(m.type, MESSAGE_cleartext_login);
		CU_ASSERT_STRING_EQUAL(m.cleartext_login.user, "anna");
		talk_close(&t);
	}
}

static void
test_no_answer(void)
{
	struct talk t;

	asked_begin(&t, false);
	t.session.login.deadline = clock_ms() + 100;
	CU_ASSERT_EQUAL(cleartext_login(&t), -ECANCELED);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_LOGIN_TIMEOUT);
	talk_close(&t);

	asked_begin(&t, false);
	shutdown(t.client, SHUT_RDWR);
	CU_ASSERT_EQUAL(cleartext_login(&t), -ECANCELED);
	CU_ASSERT(t.session.stage == SESSION_OVER);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_LOGIN_FAILED);
	talk_close(&t);

	asked_begin(&t, false);
	shutdown(t.monitor, SHUT_RDWR);
	CU_ASSERT_EQUAL(cleartext_login(&t), -ECANCELED);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_STOPPED);
	talk_close(&t);
}

/* --- a login that is given up */

static int
cancel_login(struct talk *t, enum denial denial)
{
	struct message m;

	asked_begin(t, false);
	t->session.login.prompted = true;
	message_zero(&m);
	m.type = MESSAGE_denied;
	m.denied.denial = (int32_t)denial;
	asked_answer(&m);
	int code = talk_code(t, "USER anna");
	CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_answer);
	CU_ASSERT_EQUAL(m.answer.given, 0);
	CU_ASSERT_EQUAL(t->session.login.failed, 1);
	CU_ASSERT_FALSE(t->session.login.prompted);
	return code;
}

static void
test_login_given_up(void)
{
	struct message m;
	struct talk t;

	CU_ASSERT_EQUAL(cancel_login(&t, DENIAL_INCORRECT), 331);
	CU_ASSERT(t.session.stage != SESSION_OVER);
	talk_close(&t);

	CU_ASSERT_EQUAL(cancel_login(&t, DENIAL_LAST), 530);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_LOGIN_FAILED);
	talk_close(&t);

	/* A monitor that goes on asking has lost its way. */
	asked_begin(&t, false);
	t.session.login.prompted = true;
	message_zero(&m);
	m.type = MESSAGE_prompt;
	asked_answer(&m);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "REIN"), "");
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_VIOLATION);
	talk_close(&t);
}

/* What else a monitor may send then is no message at all. */
static void
test_foreign_message(void)
{
	struct talk t;
	static const char nonsense[] = "nonsense";

	asked_begin(&t, false);
	CU_ASSERT_EQUAL(send(t.monitor, nonsense, strlen(nonsense), 0),
		(ssize_t)strlen(nonsense));
	CU_ASSERT_EQUAL(cleartext_login(&t), -ECANCELED);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_VIOLATION);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a login request", test_log_in },
	{ "a login without an answer", test_log_in_unanswered },
	{ "the monitor sends a socket", test_socket },
	{ "the monitor refuses a socket, with the reason",
		test_socket_refused },
	{ "the monitor decides about logins in cleartext",
		test_cleartext_login },
	{ "a login that waits for ACCT is cancelled", test_login_given_up },
	{ "no answer ends the session", test_no_answer },
	{ "an invalid message ends the session", test_foreign_message },
	CU_TEST_INFO_NULL,
};
