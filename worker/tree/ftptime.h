/*
 * ftptime.h - times in commands and replies: YYYYMMDDHHMMSS[.sss], always GMT
 * (RFC 3659 2.3); and the dates of LIST.
 */
#ifndef WORKER_TREE_FTPTIME_H
#define WORKER_TREE_FTPTIME_H

#include "common/base.h"
#include "common/buffer.h"

/* Append YYYYMMDDHHMMSS; years beyond 9999 and before 0 are clamped. */
void ftptime_add(struct buffer *b, time_t t);

/* Parse YYYYMMDDHHMMSS with optional fraction (to nanoseconds); every field
 * is range-checked.  0 or -EINVAL. */
int ftptime_parse(const char *text, size_t len, struct timespec *t) MUST_CHECK;

/* "TIME REST", the argument of MFMT: parse the time.  Returns REST, or NULL
 * when it is empty or the time is invalid. */
const char *ftptime_split(const char *text, size_t len, struct timespec *t);

/* Append the 12 columns of ls -l: "Nov 21 02:25" within the last 180 days
 * before `now` (and up to a day ahead), "Nov 21  2024" otherwise. */
void ftptime_add_ls(struct buffer *b, time_t t, time_t now, bool gmt);

#endif
