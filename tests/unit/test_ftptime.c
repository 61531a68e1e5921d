/*
 * test_ftptime.c - formatting and parsing of dates.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/tree/ftptime.h"

const char *const unit_name = "ftptime";

static int
parse(const char *text, struct timespec *t)
{
	return ftptime_parse(text, strlen(text), t);
}

static void
check_parse(const char *text, int64_t seconds, long nanoseconds)
{
	struct timespec t = { 0, -1 };

	CU_ASSERT_EQUAL(parse(text, &t), 0);
	CU_ASSERT_EQUAL(t.tv_sec, seconds);
	CU_ASSERT_EQUAL(t.tv_nsec, nanoseconds);
}

static void
check_add(time_t t, const char *expected)
{
	BUFFER(b, 32);

	ftptime_add(&b, t);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), expected);
}

static void
test_add(void)
{
	check_add(0, "19700101000000");
	check_add(-1, "19691231235959");
	check_add(951782400, "20000229000000");
	check_add(1795314545, "20261122022905");
	check_add(INT64_C(253402300799), "99991231235959");
}

static void
test_add_clamps(void)
{
	check_add(INT64_C(253402300800), "99991231235959");
	check_add(INT64_MAX, "99991231235959");
	check_add(INT64_C(-62167219200), "00000101000000");
	check_add(INT64_C(-62167219201), "00000101000000");
	check_add(INT64_MIN, "00000101000000");
}

static void
test_parse(void)
{
	check_parse("19700101000000", 0, 0);
	check_parse("19691231235959", -1, 0);
	check_parse("20000229000000", 951782400, 0);
	check_parse("20261122022905", 1795314545, 0);
	check_parse("00000101000000", INT64_C(-62167219200), 0);
	check_parse("99991231235959", INT64_C(253402300799), 0);
	check_parse("20380119031408", INT64_C(2147483648), 0);
}

static void
test_leap_second(void)
{
	check_parse("19981231235960", 915148800, 0);
	check_parse("20261122022960", 1795314600, 0);
}

static void
test_fraction(void)
{
	check_parse("19700101000001.5", 1, 500000000);
	check_parse("19700101000001.000", 1, 0);
	check_parse("19700101000001.123456789", 1, 123456789);
	check_parse("19700101000001.0000000009999", 1, 0);
	check_parse("19700101000001.99999999999999999999", 1, 999999999);
}

static void
test_bad(void)
{
	static const char *const bad[] = {
		"", "1", "2026112202290", "202611220229055", "20261122022905.",
		"20261122022905.x", "20261122022905.5x", "20261122022905,5",
		"20261122022905.-5", "20261122022905 ", " 20261122022905",
		"20261022022905.5.5", "2026-11-220229", "+2026112202290",
		"20260022022905", "20261322022905", "20261100022905",
		"20261131022905", "20260431022905", "20261122242905",
		"20261122026005", "20261122022961", "20230229000000",
		"19000229000000", "21000229000000", "2026112202290x",
		"x0261122022905", "20261122-12905",
	};
	struct timespec t;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT_EQUAL(parse(bad[i], &t), -EINVAL);
	CU_ASSERT_EQUAL(ftptime_parse("20261122022905", 13, &t), -EINVAL);
	CU_ASSERT_EQUAL(ftptime_parse("20261122022905\0", 15, &t), -EINVAL);
}

/* Every third day of ten thousand years, against the C library. */
static void
test_ten_thousand_years(void)
{
	BUFFER(b, 32);
	struct timespec t;
	int64_t wrong = 0;

	for (int64_t day = -719528; day < 2932897; day += 3) {
		time_t expected = (time_t)(day * 86400 + day % 43200 + 43199);
		buffer_clear(&b);
		ftptime_add(&b, expected);
		wrong += ftptime_parse(b.data, b.len, &t) != 0 ||
		    t.tv_sec != expected;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
check_ls(time_t t, time_t now, bool gmt, const char *expected)
{
	struct ftptime_day day = { .to = 0 };
	char text[FTPTIME_SIZE];

	*ftptime_put_ls(text, t, now, gmt, &day) = '\0';
	CU_ASSERT_STRING_EQUAL(text, expected);
	CU_ASSERT_EQUAL(strlen(text), 12);
}

static void
test_ls(void)
{
	const time_t now = 1795314545;	/* 2026-11-22 02:29:05 */
	const time_t half_a_year = 180 * 86400;

	check_ls(now, now, true, "Nov 22 02:29");
	check_ls(now + 86400, now, true, "Nov 23 02:29");
	check_ls(now + 86401, now, true, "Nov 23  2026");
	check_ls(now - half_a_year + 1, now, true, "May 26 02:29");
	check_ls(now - half_a_year, now, true, "May 26  2026");
	check_ls(0, now, true, "Jan  1  1970");
	check_ls(0, 3600, true, "Jan  1 00:00");
	check_ls(INT64_MAX, now, true, "Dec 31  9999");
	check_ls(INT64_MIN, now, true, "Jan  1     0");
	check_ls(0, INT64_MIN, true, "Jan  1  1970");
	check_ls(0, INT64_MAX, true, "Jan  1  1970");
}

static void
test_ls_in_the_local_zone(void)
{
	const time_t now = 1795314545;
	char *before = getenv("TZ");
	char *kept = before != NULL ? strdup(before) : NULL;

	setenv("TZ", "IST-5:30", 1);
	tzset();
	check_ls(now, now, false, "Nov 22 07:59");
	check_ls(now, now, true, "Nov 22 02:29");
	check_ls(INT64_MAX, now, false, "Jan  1 10000");

	if (kept != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
}

/* Many times with one day kept, against each with a fresh one. */
static void
test_days_are_kept(void)
{
	struct ftptime_day day = { .to = 0 }, ls = { .to = 0 };
	char text[FTPTIME_SIZE], expected[FTPTIME_SIZE];
	int64_t t = -100000, wrong = 0;

	for (int i = 0; i < 20000; i++) {
		struct ftptime_day fresh = { .to = 0 }, other = { .to = 0 };

		t += i % 100 == 99 ? -1000000 : 4999;
		*ftptime_put(text, t, &day) = '\0';
		*ftptime_put(expected, t, &fresh) = '\0';
		wrong += strcmp(text, expected) != 0;
		*ftptime_put_ls(text, t, 0, true, &ls) = '\0';
		*ftptime_put_ls(expected, t, 0, true, &other) = '\0';
		wrong += strcmp(text, expected) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* In a zone whose offset changes, and is no whole number of hours. */
static void
test_days_are_kept_in_local_time(void)
{
	struct ftptime_day day = { .to = 0 };
	const time_t change = 1774746000;	/* 2026-03-29 01:00 GMT */
	char text[FTPTIME_SIZE], *before = getenv("TZ");
	char *kept = before != NULL ? strdup(before) : NULL;

	setenv("TZ", "LMT-1:30:30LST-2:30:30,M3.5.0/2:30:30,M10.5.0/3:30:30",
		1);
	tzset();
	for (time_t t = change - 90; t < change + 90; t++) {
		struct tm tm;

		CU_ASSERT_PTR_NOT_NULL_FATAL(localtime_r(&t, &tm));
		char expected[FTPTIME_SIZE];
		strftime(expected, sizeof(expected), "%b %d %H:%M", &tm);
		*ftptime_put_ls(text, t, change, false, &day) = '\0';
		/* Unknown is only when within a minute the offset changed. */
		if (t / 30 != change / 30)
			CU_ASSERT_STRING_EQUAL(text, expected);
	}
	if (kept != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
}

CU_TestInfo unit_tests[] = {
	{ "a time is shown in GMT", test_add },
	{ "years without four digits are clamped", test_add_clamps },
	{ "a time is read", test_parse },
	{ "second 60 is the next minute's first", test_leap_second },
	{ "fractions are read to the nanosecond", test_fraction },
	{ "anything else is refused", test_bad },
	{ "ten thousand years go there and back", test_ten_thousand_years },
	{ "LIST shows the hour or the year", test_ls },
	{ "a day is cached", test_days_are_kept },
	{ "a minute of local time is cached",
		test_days_are_kept_in_local_time },
	{ "LIST can show local time", test_ls_in_the_local_zone },
	CU_TEST_INFO_NULL,
};
