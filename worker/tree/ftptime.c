/*
 * ftptime.c - times in commands and replies, and the dates of LIST.
 *
 * Runs in: session.  Never: reads the locale or the time zone's file; tzset()
 * was called before the process entered the jail.
 */
#include "common/base.h"
#include "worker/tree/ftptime.h"

#include "common/digits.h"
#include "common/text.h"

#define DAY 86400

/* The first and the last second of years with four digits. */
#define FIRST_SECOND INT64_C(-62167219200)
#define LAST_SECOND  INT64_C(253402300799)

static time_t
clamp(time_t t)
{
	if (t < FIRST_SECOND)
		return FIRST_SECOND;
	return t > LAST_SECOND ? LAST_SECOND : t;
}

/*
 * In local time only the current minute is cached, because the offset of the
 * time zone may change at any minute.
 */
static void
look_up(struct ftptime_day *day, time_t t, bool gmt)
{
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	struct tm tm;

	gmt = gmt || localtime_r(&t, &tm) == NULL;
	if (gmt)
		gmtime_r(&t, &tm);
	day->seconds = tm.tm_hour * 3600 + tm.tm_min * 60;
	day->from = t - tm.tm_sec - (gmt ? day->seconds : 0);
	day->to = day->from + (gmt ? DAY : 60);
	if (gmt)
		day->seconds = 0;
	snprintf(day->date, sizeof(day->date), "%s %2d ", months[tm.tm_mon],
		tm.tm_mday);
	snprintf(day->year, sizeof(day->year), "%5d", tm.tm_year + 1900);
	snprintf(day->digits, sizeof(day->digits), "%04d%02d%02d",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* Returns the seconds since midnight; updates *day to the day of t. */
static unsigned
find_day(struct ftptime_day *day, time_t t, bool gmt)
{
	if (t < day->from || t >= day->to)
		look_up(day, t, gmt);
	return (unsigned)(day->seconds + (t - day->from));
}

static char *
put_text(char *at, const char *text)
{
	size_t len = strlen(text);

	memcpy(at, text, len);
	return at + len;
}

char *
ftptime_put(char *at, time_t t, struct ftptime_day *day)
{
	unsigned seconds = find_day(day, clamp(t), true);

	at = put_text(at, day->digits);
	at = digits_put_two(at, seconds / 3600);
	at = digits_put_two(at, seconds / 60 % 60);
	return digits_put_two(at, seconds % 60);
}

void
ftptime_add(struct buffer *b, time_t t)
{
	struct ftptime_day day = { .to = 0 };
	char text[FTPTIME_SIZE];

	buffer_add(b, text, (size_t)(ftptime_put(text, t, &day) - text));
}

static bool
is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
	};

	return days[month - 1] + (month == 2 && is_leap_year(year));
}

/* Days from 1970-01-01 to this date.  Years are counted from March, so that
 * the leap day is the last of its year. */
static int64_t
days_since_1970(int year, int month, int day)
{
	int64_t y = year + 400 - (month <= 2);	/* the calendar repeats */
	int64_t m = (month + 9) % 12;
	int64_t day_of_year = (153 * m + 2) / 5 + day - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year -
	    (719468 + 146097);
}

/* Parse `n` digits as a number in low..high. */
static int
digits(const char *text, size_t n, int low, int high)
{
	int64_t number;

	if (text_number(text, n, &number) < 0 || number < low || number > high)
		return -EINVAL;
	return (int)number;
}

/* ".5" and the like; digits after the ninth are ignored. */
static int
parse_fraction(const char *text, size_t len, long *nanoseconds)
{
	long scale = 100000000;

	*nanoseconds = 0;
	if (len == 0)
		return 0;
	if (len == 1 || *text != '.')
		return -EINVAL;
	for (size_t i = 1; i < len; i++) {
		if (!text_is_digit(text[i]))
			return -EINVAL;
		*nanoseconds += (text[i] - '0') * scale;
		scale /= 10;
	}
	return 0;
}

int
ftptime_parse(const char *text, size_t len, struct timespec *t)
{
	if (len < 14)
		return -EINVAL;

	int year = digits(text, 4, 0, 9999);
	int month = digits(text + 4, 2, 1, 12);
	if (year < 0 || month < 0)
		return -EINVAL;
	int day = digits(text + 6, 2, 1, days_in_month(year, month));
	int hour = digits(text + 8, 2, 0, 23);
	int minute = digits(text + 10, 2, 0, 59);
	/* RFC 3659 2.3 allows leap seconds: 60 is the first second of the next
	 * minute. */
	int second = digits(text + 12, 2, 0, 60);
	if (day < 0 || hour < 0 || minute < 0 || second < 0 ||
	    parse_fraction(text + 14, len - 14, &t->tv_nsec) < 0)
		return -EINVAL;

	t->tv_sec = days_since_1970(year, month, day) * DAY +
	    hour * 3600 + minute * 60 + second;
	return 0;
}

const char *
ftptime_split(const char *text, size_t len, struct timespec *t)
{
	const char *blank = memchr(text, ' ', len);

	if (blank == NULL || blank + 1 == text + len ||
	    ftptime_parse(text, (size_t)(blank - text), t) < 0)
		return NULL;
	return blank + 1;
}

char *
ftptime_put_ls(char *at, time_t t, time_t now, bool gmt,
	struct ftptime_day *day)
{
	t = clamp(t);
	now = clamp(now);
	unsigned seconds = find_day(day, t, gmt);

	at = put_text(at, day->date);
	if (t <= now - 180 * DAY || t > now + DAY)
		return put_text(at, day->year);
	at = digits_put_two(at, seconds / 3600);
	*at++ = ':';
	return digits_put_two(at, seconds / 60 % 60);
}
