/*
 * ctl.h - the administrator's program, run by a test; and programs that take
 * its place at the control socket.
 */
#ifndef TESTS_FUNCTIONAL_CTL_H
#define TESTS_FUNCTIONAL_CTL_H

#include "common/base.h"

#define CTL_SOCKET "/run/sureftpd/control"

struct ctl_result {
	int status;		/* to exit with; -1 when it did not end */
	char out[65536];
	char err[4096];
};

/* Run it as this user, with these arguments; at most twenty seconds. */
#define CTL(result, ...) \
	ctl_run((result), 0, (const char *const[]){ __VA_ARGS__, NULL })
#define CTL_AS(uid, result, ...) \
	ctl_run((result), (uid), (const char *const[]){ __VA_ARGS__, NULL })
int ctl_run(struct ctl_result *r, uid_t uid, const char *const *arguments);

/* Run the server's program (WORLD_SERVER), or the administrator's, as root with
 * this text on its standard input (NULL: nothing). */
int ctl_run_program(struct ctl_result *r, const char *program,
	const char *input, const char *const *arguments);

/* Line number n (from 0) of a text, without its end; "" when there is none.
 * Valid until the next call. */
const char *ctl_line(const char *text, size_t n);

/* The line that holds this part, or "". */
const char *ctl_line_with(const char *text, const char *part);

/* Connect to the server's socket as any program might: a descriptor or
 * -1. */
int ctl_connect(const char *path);

/* Has the server ended this connection within ms? */
bool ctl_is_closed(int fd, int64_t ms);

/* Is the text one JSON value after the other, a line each, and nothing
 * else?  How many; -1 when it is not. */
int ctl_json_lines(const char *text);

#endif
