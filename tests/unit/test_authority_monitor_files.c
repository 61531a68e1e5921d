/*
 * test_authority_monitor_files.c - requests of the session to the monitor about
 * files.
 */
#include "common/base.h"

#include "tests/unit/asked.h"
#include "tests/unit/unit.h"

#include "common/process/change_owner.h"

#include <sys/socket.h>

const char *const unit_name =
	"authority_monitor_files";

/* --- an upload that gets another owner */

static int
give_upload(struct talk *t, int fd)
{
	return t->session.authority.give_upload(
		t->session.authority.context, fd);
}

static void
test_give_upload(void)
{
	static const int errors[] = { 0, EPERM, EIO };
	struct message m;
	struct talk t;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		asked_begin(&t, true);
		message_zero(&m);
		m.type = MESSAGE_upload_given;
		m.upload_given.error = errors[i];
		/* The server begins to shut down meanwhile. */
		asked_end_session(false);
		asked_answer(&m);
		CU_ASSERT_EQUAL(give_upload(&t, STDIN_FILENO), -errors[i]);
		CU_ASSERT(t.session.stage == SESSION_STOPPING);
		CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
		CU_ASSERT_EQUAL(m.type, MESSAGE_give_upload);
		CU_ASSERT(m.fds[0] >= 0);
		close(m.fds[0]);
		talk_close(&t);
	}
	asked_begin(&t, true);
	shutdown(t.monitor, SHUT_RDWR);
	CU_ASSERT_EQUAL(give_upload(&t, STDIN_FILENO), -ECANCELED);
	talk_close(&t);
}

/* --- an upload that is checked */

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

static void
answer_refused(void)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_check_refused;
	m.check_refused.error = EIO;
	asked_answer(&m);
}

static void
test_check_refused(void)
{
	struct talk t;

	asked_begin(&t, true);
	answer_refused();
	CU_ASSERT_EQUAL(check_upload(&t), -EACCES);
	CU_ASSERT(t.session.stage == SESSION_SERVING);
	talk_close(&t);
}

/* An administrator ends the session meanwhile: the client hears that, and not
 * of a shutdown. */
static void
test_check_ended(void)
{
	struct message m;
	struct talk t;

	asked_begin(&t, true);
	message_zero(&m);
	m.type = MESSAGE_end_session;
	m.end_session.reason = END_ADMINISTRATOR;
	asked_answer(&m);
	answer_refused();
	CU_ASSERT_EQUAL(check_upload(&t), -EACCES);
	CU_ASSERT(t.session.stage == SESSION_STOPPING);
	CU_ASSERT_STRING_EQUAL(session_stop_text(&t.session),
		"The administrator has ended this session.");
	talk_close(&t);
}

/* --- owners of other files */

static int
request_owner(struct talk *t, int fd)
{
	return t->session.authority.change_owner(
		t->session.authority.context, fd, 1002, -1);
}

static void
test_change_owner(void)
{
	static const int errors[] = { 0, EROFS, OWNER_OF_SYSTEM };
	struct message m;
	struct talk t;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		asked_begin(&t, true);
		message_zero(&m);
		m.type = MESSAGE_owner_changed;
		m.owner_changed.error = errors[i];
		asked_end_session(false);
		asked_answer(&m);
		CU_ASSERT_EQUAL(request_owner(&t, STDIN_FILENO), -errors[i]);
		CU_ASSERT(t.session.stage == SESSION_STOPPING);
		CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
		CU_ASSERT_EQUAL(m.type, MESSAGE_change_owner);
		CU_ASSERT_EQUAL(m.change_owner.uid, 1002);
		CU_ASSERT_EQUAL(m.change_owner.gid, -1);
		CU_ASSERT(m.fds[0] >= 0);
		close(m.fds[0]);
		talk_close(&t);
	}
	asked_begin(&t, true);
	shutdown(t.monitor, SHUT_RDWR);
	CU_ASSERT_EQUAL(request_owner(&t, STDIN_FILENO), -ECANCELED);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "an upload that gets another owner", test_give_upload },
	{ "a check that is not possible", test_check_refused },
	{ "the session is ended meanwhile", test_check_ended },
	{ "another file that does", test_change_owner },
	CU_TEST_INFO_NULL,
};
