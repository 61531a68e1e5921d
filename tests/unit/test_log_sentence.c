/*
 * test_log_sentence.c - sentences with times and sums.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/process/message.h"
#include "daemon/recorder/log_sentence.h"

const char *const unit_name = "log_sentence";

static const char *
sentence(const struct event *e)
{
	static char storage[LOG_LINE_MAX];
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	log_sentence(&b, e);
	return buffer_text(&b);
}

static void
test_bans(void)
{
	struct event e = event_new(EVENT_ban);

	e.path = "192.0.2.7";
	e.text = "too many failures";
	e.duration_ms = 600000;
	CU_ASSERT_STRING_EQUAL(sentence(&e), "banned 192.0.2.7 for 10m: too "
		"many failures");
	/* Not 9m59s, if it took a moment to log it. */
	e.duration_ms = 599999;
	CU_ASSERT_STRING_EQUAL(sentence(&e), "banned 192.0.2.7 for 10m: too "
		"many failures");
	e.duration_ms = 0;
	CU_ASSERT_STRING_EQUAL(sentence(&e), "banned 192.0.2.7: too many "
		"failures");
	e = event_new(EVENT_unban);
	e.path = "192.0.2.7";
	e.text = "expired";
	CU_ASSERT_STRING_EQUAL(sentence(&e), "ban of 192.0.2.7 lifted: "
		"expired");
}

static void
test_logout(void)
{
	struct event e = event_new(EVENT_logout);

	e.code = OUTCOME_QUIT;
	e.duration_ms = 61005;
	e.bytes = 123;
	e.received = 45;
	CU_ASSERT_STRING_EQUAL(sentence(&e), "logout: quit after 61.005 s, "
		"sent 123 bytes, received 45 bytes");
}

CU_TestInfo unit_tests[] = {
	{ "bans", test_bans },
	{ "logouts", test_logout },
	CU_TEST_INFO_NULL,
};
