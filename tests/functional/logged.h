/*
 * logged.h - checks of what the server has logged, from a mark on.
 *
 * A check names a whole line as the log has it after its time and process: the
 * level, session and client, the sentence.  It looks only at lines after the
 * mark, so what was logged before cannot satisfy it:
 *
 * 	size_t mark = logged_mark();
 * 	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
 * 	CHECK_LOGGED(mark, "warning session=1 peer=127.0.0.1 user=anna "
 * 		"login failed: authentication: Authentication failure");
 *
 * A `*` stands for any bytes of the line.  It is for values that a test cannot
 * predict, such as durations and pids; sessions are numbered from 1 in the
 * order of their connects.
 */
#ifndef TESTS_FUNCTIONAL_LOGGED_H
#define TESTS_FUNCTIONAL_LOGGED_H

#include "common/base.h"
#include "tests/functional/server.h"

/* The end of the log, after everything sent so far was written. */
size_t logged_mark(void);

/* Does such a line exist, or appear within five seconds? */
#define CHECK_LOGGED(mark, ...) \
	logged_check(__FILE__, __LINE__, (mark), __VA_ARGS__)
bool logged_check(const char *file, int line, size_t mark,
	const char *format, ...) PRINTF_LIKE(4, 5);

/* The number of such lines, after everything sent so far was written. */
size_t logged_times(size_t mark, const char *format, ...) PRINTF_LIKE(2, 3);

/* The number of the first session that connected after the mark; 0, and a
 * failed check, when none does within five seconds. */
uint64_t logged_session(size_t mark);

/* Reload the server by SIGHUP, and wait until it has logged that. */
void logged_reload(const struct server *s);

#endif
