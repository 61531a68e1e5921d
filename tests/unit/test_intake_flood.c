/*
 * test_intake_flood.c - a process that floods the recorder: which events are
 * written or counted, and that others are not delayed.
 */
#include "common/base.h"

#include "daemon/recorder/sources.h"
#include "tests/unit/played_log.h"

const char *const unit_name = "intake_flood";

/* Send n lines, and read what comes; how many of them came.  The reports are
 * kept: how many, and the last one. */
static unsigned reports;
static char report[128];
static uint64_t report_session;

static bool
is_report(const struct event *e)
{
	if (strcmp(e->text, "flood") == 0)
		return false;
	reports++;
	report_session = e->session;
	(void)!snprintf(report, sizeof(report), "%s", e->text);
	return true;
}

/* Without waiting. */
static unsigned
read_round(void)
{
	unsigned lines = 0;
	struct event *e;

	if (!intake_wait(intake))
		return 0;
	while ((e = intake_next(intake)) != NULL)
		lines += !is_report(e);
	return lines;
}

static unsigned
flood(struct child_log *c, unsigned n)
{
	unsigned lines = 0;

	while (n > 0) {
		while (n > 0 && child_says(c, "flood"))
			n--;
		lines += read_round();
	}
	return lines;
}

static void
test_dropped(void)
{
	struct child_log c;

	begin(10);
	reports = 0;
	child_open(&c, LOG_SOURCE_GREETER, 7, "anna");
	unsigned lines = flood(&c, 5000);
	CU_ASSERT_TRUE(lines >= 190 && lines < 300);
	CU_ASSERT_EQUAL(reports, 0);
	child_close(&c);
	while (reports == 0)
		lines += read_round();
	CU_ASSERT_EQUAL(reports, 1);
	CU_ASSERT_EQUAL(report_session, 7);
	unsigned expected = 5000 - lines;
	char text[128];
	(void)!snprintf(text, sizeof(text),
		"log.max_rate exceeded, dropped %u events", expected);
	CU_ASSERT_STRING_EQUAL(report, text);
	end();
}

/* The counts are told from time to time, not with every event that passes. */
static void
test_reports_are_few(void)
{
	struct sources *s = sources_new();
	struct log_identity a = { .number = 1 }, b = { .number = 2 };
	int64_t now = 1000;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(sources_due(s), CLOCK_NEVER);
	struct source *first = sources_attach(s, &a, -1, 0, 0);
	struct source *second = sources_attach(s, &b, -1, 0, 0);
	sources_count_dropped(s, first, now);
	sources_count_lost(s, second, 5, now + 1);
	sources_count_lost(s, second, 0, now + 1);
	for (; now < 5000; now++)
		sources_count_dropped(s, first, now);
	CU_ASSERT_EQUAL(sources_due(s), 1000 + SOURCES_REPORT_MS);
	CU_ASSERT_PTR_NULL(sources_next_report(s, now, false));
	CU_ASSERT_PTR_EQUAL(sources_next_report(s, 1000 + SOURCES_REPORT_MS,
		false), first);
	CU_ASSERT_EQUAL(first->dropped, 4001);
	CU_ASSERT_EQUAL(sources_due(s), 1001 + SOURCES_REPORT_MS);
	/* At the recorder's end, or at its own. */
	CU_ASSERT_PTR_EQUAL(sources_next_report(s, now, true), second);
	CU_ASSERT_EQUAL(second->lost, 5);
	CU_ASSERT_PTR_NULL(sources_next_report(s, now, true));
	sources_count_dropped(s, second, now);
	sources_end(s, second, now);
	CU_ASSERT_PTR_EQUAL(sources_next_report(s, now, false), second);
	sources_remove_ended(s);
	CU_ASSERT_PTR_NULL(sources_find(s, 2));
	CU_ASSERT_PTR_EQUAL(sources_find(s, 1), first);
	CU_ASSERT_EQUAL(sources_count(s), 1);
	sources_free(s);
}

static void
test_lost(void)
{
	struct event e = event_new(EVENT_message);
	struct child_log c;

	begin(0);
	reports = 0;
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	e.text = "flood";
	e.lost = 17;
	CU_ASSERT_TRUE(child_sends(&c, &e));
	CU_ASSERT_TRUE(child_sends(&c, &e));
	child_close(&c);
	unsigned lines = 0;
	while (reports == 0)
		lines += read_round();
	CU_ASSERT_EQUAL(lines, 2);
	CU_ASSERT_STRING_EQUAL(report, "log queue full, lost 34 events");
	end();
}

static void
test_no_limit(void)
{
	struct child_log c;

	begin(0);
	reports = 0;
	child_open(&c, LOG_SOURCE_GREETER, 7, "");
	CU_ASSERT_TRUE(flood(&c, 30000) > 29000);
	child_close(&c);
	CU_ASSERT_EQUAL(reports, 0);
	end();
}

/* A hundred that keep their queues full: another one's line is among those of
 * the next few rounds, and no limit is needed for that. */
static void
test_fairness(void)
{
	struct child_log c[100], other;
	unsigned before = 0, found = 0;

	begin(0);
	for (unsigned i = 0; i < 100; i++)
		child_open(&c[i], LOG_SOURCE_GREETER, i + 1, "");
	child_open(&other, LOG_SOURCE_SESSION, 200, "anna");
	child_says(&other, "attached");
	EXPECT_TEXT("attached");
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 100; i++)
			while (child_says(&c[i], "flood"))
				;
		if (round > 0)
			continue;
		child_says(&other, "other");
	}
	while (found == 0 && before < 100000) {
		const struct event *e = next();
		found += e->session == 200;
		before++;
	}
	CU_ASSERT_EQUAL(found, 1);
	/* A batch of each that is ready. */
	CU_ASSERT_TRUE(before <= 101 * 16);
	for (unsigned i = 0; i < 100; i++)
		child_close(&c[i]);
	child_close(&other);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "a flood is dropped, counted and reported", test_dropped },
	{ "counts are reported periodically", test_reports_are_few },
	{ "losses of a process are reported", test_lost },
	{ "no limit", test_no_limit },
	{ "others are not delayed by a flood", test_fairness },
	CU_TEST_INFO_NULL,
};
