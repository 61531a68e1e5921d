/*
 * ftptime.h - times in commands and replies: YYYYMMDDHHMMSS[.sss], always GMT
 * (RFC 3659 2.3); and the dates of LIST.
 */
#ifndef WORKER_TREE_FTPTIME_H
#define WORKER_TREE_FTPTIME_H

#include "common/base.h"
#include "common/buffer.h"

/*
 * A cached day with its formatted date, because consecutive entries of a
 * listing often have the same day.  A zeroed struct is empty; all calls with it
 * must be of the same function, with the same `gmt`.
 */
struct ftptime_day {
	int64_t from, to;	/* valid from ... to - 1 */
	int seconds;		/* since midnight, at `from` */
	char date[16], year[16], digits[40];
};

#define FTPTIME_SIZE 40		/* enough for each of these functions */

/* Write YYYYMMDDHHMMSS to `at`, without a NUL; returns its end. */
char *ftptime_put(char *at, time_t t, struct ftptime_day *day);

/* Write the 12 columns of ls -l: "Nov 21 02:25" within the last 180 days
 * before `now` (and up to a day ahead), "Nov 21  2024" otherwise. */
char *ftptime_put_ls(char *at, time_t t, time_t now, bool gmt,
	struct ftptime_day *day);

/* Append YYYYMMDDHHMMSS; years beyond 9999 and before 0 are clamped. */
void ftptime_add(struct buffer *b, time_t t);

/* Parse YYYYMMDDHHMMSS with optional fraction (to nanoseconds); every field
 * is range-checked.  0 or -EINVAL. */
int ftptime_parse(const char *text, size_t len, struct timespec *t) MUST_CHECK;

/* "TIME REST", the argument of MFMT: parse the time.  Returns REST, or NULL
 * when it is empty or the time is invalid. */
const char *ftptime_split(const char *text, size_t len, struct timespec *t);

#endif
