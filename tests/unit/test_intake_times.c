/*
 * test_intake_times.c - an event gets the identity that its process had when it
 * sent it, and its place, though the recorder may read it later; and the
 * recorder does not wait for events when it says that it need not.
 */
#include "common/base.h"

#include "daemon/recorder/sources.h"
#include "tests/unit/played_log.h"

#include <signal.h>

const char *const unit_name = "intake_times";

static void
log_in(struct child_log *c, const char *user)
{
	(void)!snprintf(c->source.identity.user, EVENT_USER_MAX, "%s", user);
	log_source_attach(&c->source);
}

static void
test_late_reading(void)
{
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_GREETER, 7, "");
	child_says(&c, "before login");
	log_in(&c, "anna");
	child_says(&c, "after login");
	const struct event *e = next();
	CU_ASSERT_STRING_EQUAL(e->text, "before login");
	CU_ASSERT_STRING_EQUAL(e->user, "");
	CU_ASSERT_EQUAL(e->session, 7);
	e = next();
	CU_ASSERT_STRING_EQUAL(e->text, "after login");
	CU_ASSERT_STRING_EQUAL(e->user, "anna");
	child_close(&c);
	end();
}

/* The recorder is so far behind that all of a short session comes at once: the
 * greeter's lines are before those of the session that followed it. */
static void
test_late_order(void)
{
	struct event ended = event_new(EVENT_disconnect);
	struct child_log greeter, c;

	begin(0);
	child_open(&greeter, LOG_SOURCE_GREETER, 7, "");
	child_says(&greeter, "greets");
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_says(&c, "works");
	ended.session = 7;
	event_send(&ended);
	EXPECT_TEXT("greets");
	EXPECT_TEXT("works");
	CU_ASSERT_EQUAL(next()->type, EVENT_disconnect);
	child_close(&greeter);
	child_close(&c);
	end();
}

/* A process that claims another time gets its former identity back for a
 * second at most, and none that it did not have. */
static void
test_claimed_times(void)
{
	struct source source = {
		.identity = { .since_ns = 10000000000, .user = "anna" },
		.former = { .since_ns = 8000000000, .user = "" },
	};
	const struct log_identity *now = &source.identity;
	const struct log_identity *former = &source.former;

	CU_ASSERT_PTR_EQUAL(sources_identity_at(&source, 10000000000,
		10000000000), now);
	CU_ASSERT_PTR_EQUAL(sources_identity_at(&source, 9999999999,
		10500000000), former);
	CU_ASSERT_PTR_EQUAL(sources_identity_at(&source, 9999999999,
		11000000000), now);
	CU_ASSERT_PTR_EQUAL(sources_identity_at(&source, 7999999999,
		10500000000), now);
	source.former.since_ns = 0;
	CU_ASSERT_PTR_EQUAL(sources_identity_at(&source, 9999999999,
		10500000000), now);
}

static void
wake(int number UNUSED)
{
}

/* The recorder does other work, such as metrics, until intake_due(): a round
 * then must not wait, for on an idle server no event would end it. */
static void
test_ended(void)
{
	const struct sigaction action = { .sa_handler = wake };
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_GREETER, 7, "");
	child_says(&c, "last words");
	EXPECT_TEXT("last words");
	child_close(&c);
	CU_ASSERT_TRUE(intake_wait(intake));
	CU_ASSERT_PTR_NULL(intake_next(intake));
	CU_ASSERT_EQUAL(sigaction(SIGALRM, &action, NULL), 0);
	alarm(3);
	int64_t began = clock_ms();
	while (clock_passed(intake_due(intake)) && clock_ms() - began < 2000)
		CU_ASSERT_TRUE(intake_wait(intake));
	alarm(0);
	CU_ASSERT(clock_ms() - began < 2000);
	CU_ASSERT_EQUAL(intake_due(intake), CLOCK_NEVER);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "an event that is read late keeps its identity", test_late_reading },
	{ "processes of one session are read in their order", test_late_order },
	{ "a claimed time gains a second at most", test_claimed_times },
	{ "the end of a process is not waited for", test_ended },
	CU_TEST_INFO_NULL,
};
