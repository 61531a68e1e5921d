/*
 * ctl.h - runs sureftpctl, and programs that imitate it at the control socket.
 */
#ifndef TESTS_FUNCTIONAL_CTL_H
#define TESTS_FUNCTIONAL_CTL_H

#include "common/base.h"

#define CTL_SOCKET "/run/sureftpd/control"

struct ctl_result {
	int status;		/* exit status; -1 if it did not exit */
	char out[65536];
	char err[4096];
};

/* Run it as this user, with these arguments, for at most twenty seconds. */
#define CTL(result, ...) \
	ctl_run((result), 0, (const char *const[]){ __VA_ARGS__, NULL })
#define CTL_AS(uid, result, ...) \
	ctl_run((result), (uid), (const char *const[]){ __VA_ARGS__, NULL })
int ctl_run(struct ctl_result *r, uid_t uid, const char *const *arguments);

/* Run the server's program (WORLD_SERVER), or sureftpctl, as root, with this
 * text as its standard input (NULL: none). */
int ctl_run_program(struct ctl_result *r, const char *program,
	const char *input, const char *const *arguments);

/* Line number n (from 0) of a text, without its end; "" when there is none.
 * Valid until the next call. */
const char *ctl_line(const char *text, size_t n);

/* The first line that contains this text, or "". */
const char *ctl_line_with(const char *text, const char *part);

/* Connect to the control socket: a descriptor or -1. */
int ctl_connect(const char *path);

/* Has the server ended this connection within ms? */
bool ctl_is_closed(int fd, int64_t ms);

/* The number of JSON values in the text, which must be one per line; -1 if it
 * contains anything else. */
int ctl_json_lines(const char *text);

#endif
