/*
 * test_remote_check.c - requests of the session to have an upload checked.
 */
#include "common/base.h"

#include "tests/unit/talk.h"
#include "tests/unit/unit.h"

#include "worker/remote.h"

const char *const unit_name = "remote_check";

/* The monitor's end of the channel. */
static struct channel monitor;

static void
begin(struct talk *t)
{
	talk_open(t, true);
	remote_init(&t->session);
	channel_open(&monitor, t->monitor, PARTY_MONITOR, PARTY_SESSION,
		&channel_any_phase);
}

static int
check_upload(struct talk *t)
{
	struct message m;
	int result = t->session.authority.check_upload(
		t->session.authority.context, STDIN_FILENO, "/f", 1);

	CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_check_upload);
	CU_ASSERT_STRING_EQUAL(m.check_upload.path, "/f");
	close(m.fds[0]);
	return result;
}

/* The channel keeps messages: an answer can be there before its question. */
static void
answer_refused(void)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_check_refused;
	m.check_refused.error = EIO;
	CU_ASSERT_EQUAL(channel_send(&monitor, &m), 0);
}

static void
test_refused(void)
{
	struct talk t;

	begin(&t);
	answer_refused();
	CU_ASSERT_EQUAL(check_upload(&t), -EACCES);
	CU_ASSERT(!t.session.stopping);
	talk_close(&t);
}

/* An administrator ends the session meanwhile: the client hears that, and not
 * of a shutdown. */
static void
test_session_ended(void)
{
	struct message m;
	struct talk t;

	begin(&t);
	message_zero(&m);
	m.type = MESSAGE_end_session;
	m.end_session.reason = END_ADMINISTRATOR;
	CU_ASSERT_EQUAL(channel_send(&monitor, &m), 0);
	answer_refused();
	CU_ASSERT_EQUAL(check_upload(&t), -EACCES);
	CU_ASSERT(t.session.stopping);
	CU_ASSERT_STRING_EQUAL(session_stop_text(&t.session),
		"The administrator has ended this session.");
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a check that is not possible", test_refused },
	{ "the session is ended meanwhile", test_session_ended },
	CU_TEST_INFO_NULL,
};
