/*
 * test_monitor_log.c - the identity of a monitor's children in the recorder:
 * before login, after it, as the relay, and when the recorder has changed.
 */
#include "common/base.h"

#include "tests/unit/played_monitor.h"

#include "common/log/log.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/intake.h"

#include <fcntl.h>

const char *const unit_name = "monitor_log";

static int service[2];
static struct intake *intake;

/* Wait until the test wants this process to go on. */
static void
wait_for_test(void)
{
	char c;

	CHILD_CHECK(read(master.fd, &c, 1) == 1);
}

static void
greet_and_relay(struct channel *c)
{
	int session;

	log_info("greets");
	CHILD_CHECK(try_login(c, "nobody", "wrong") == DENIAL_INCORRECT);
	log_info("greets on");
	CHILD_CHECK(try_login_for(c, "nobody", "secret", &session) ==
		GRANTED);
	log_info("relays");
	hand_over(session);
	wait_for_test();
	log_info("relays on");
	wait_for_test();
}

static bool
begin_log(void)
{
	/* The place that main() keeps free; here it may be inherited. */
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (child_skip_without_root("the monitor's log"))
		return false;
	if (null > LOG_DESCRIPTOR)
		close(null);
	CU_ASSERT_TRUE_FATAL(fcntl(LOG_DESCRIPTOR, F_GETFD) >= 0);
	CU_ASSERT_EQUAL_FATAL(service_socket_pair(service, 0), 0);
	CU_ASSERT_EQUAL(dup3(service[1], LOG_DESCRIPTOR, O_CLOEXEC),
		LOG_DESCRIPTOR);
	close(service[1]);
	log_connect(LOG_DESCRIPTOR);
	intake = intake_new(service[0], -1, geteuid(), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
	return true;
}

static struct event *
next(void)
{
	struct event *e;

	while ((e = intake_next(intake)) == NULL)
		if (!intake_wait(intake))
			return NULL;
	return e;
}

/* The next message of a child. */
static void
expect(const char *text, const char *role, const char *user)
{
	char peer[ADDRESS_TEXT_SIZE];
	const struct event *e;

	do {
		e = next();
		CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	} while (e->type != EVENT_message || e->from == EVENT_FROM_ROOT);
	CU_ASSERT_STRING_EQUAL(e->text, text);
	CU_ASSERT_STRING_EQUAL(e->role, role);
	CU_ASSERT_STRING_EQUAL(e->user, user);
	CU_ASSERT_EQUAL(e->session, 7);
	CU_ASSERT_STRING_EQUAL(address_text(&e->peer, peer), "127.0.0.1");
}

static void
change_recorder(void)
{
	struct message m;

	intake_free(intake);
	intake = intake_new(service[0], -1, geteuid(), 0);
	message_zero(&m);
	m.type = MESSAGE_reattach;
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
}

static void
end_log(void)
{
	log_connect(-1);
	close(LOG_DESCRIPTOR);
	intake_free(intake);
	close(service[0]);
}

static void
test_children(void)
{
	if (!begin_log())
		return;
	session_obeys = false;
	under_tls = true;
	log_set_level(LOG_LEVEL_DEBUG);
	if (begin(greet_and_relay, "0")) {
		send_client(VERDICT_WELCOME);
		expect("greets", "greeter", "");
		expect("greets on", "greeter", "");
		CU_ASSERT_TRUE(failure_reported());
		answer_login(true);
		expect("relays", "relay", "nobody");
		expect("session", "session", "nobody");
		change_recorder();
		CU_ASSERT_EQUAL(send(client, "x", 1, MSG_NOSIGNAL), 1);
		expect("relays on", "relay", "nobody");
		say_shutdown(true);
		CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
	}
	end_log();
}

/* With the last line of a child that is gone, and its monitor as well, before
 * there is another recorder. */
static void
say_and_end(struct channel *c UNUSED)
{
	wait_for_test();
	log_info("last words");
	_exit(OUTCOME_NO_LOGIN);
}

static void
test_gone(void)
{
	if (!begin_log())
		return;
	if (begin(say_and_end, "0")) {
		send_client(VERDICT_WELCOME);
		while (next()->type != EVENT_connect)
			;
		intake_free(intake);
		CU_ASSERT_EQUAL(send(client, "x", 1, MSG_NOSIGNAL), 1);
		CU_ASSERT_EQUAL(ended(), OUTCOME_NO_LOGIN);
		intake = intake_new(service[0], -1, geteuid(), 0);
		expect("last words", "greeter", "");
		const struct event *e = next();
		CU_ASSERT_EQUAL(e->type, EVENT_disconnect);
		CU_ASSERT_EQUAL(e->session, 7);
	}
	end_log();
}

CU_TestInfo unit_tests[] = {
	{ "greeter, relay, session; a new recorder", test_children },
	{ "the last events of an exited child", test_gone },
	CU_TEST_INFO_NULL,
};
