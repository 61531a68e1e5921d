/*
 * background.h - runs the server in the background, and writes the pid file,
 * for start scripts that need them.
 */
#ifndef DAEMON_BACKGROUND_H
#define DAEMON_BACKGROUND_H

#include "common/base.h"

struct background {
	int ready;		/* to the process that waits, or -1 */
	const char *pid_file;	/* or NULL */
};

/*
 * Continue in a child, in a new session.  The original process waits until
 * background_ready(), and exits with 0; if the child exits first, with the
 * child's status.  0 in the child, or -errno.
 */
int background_begin(struct background *b) MUST_CHECK;

/* Can standard error be used in the background?  True for a file, not for a
 * terminal or a pipe that the starting process waits for. */
bool background_keeps_stderr(void);

/* In the background: close standard error, unless it is a file. */
void background_close_stderr(const struct background *b);

/* Write the pid file.  0 or -errno, logged. */
int background_write_pid(const struct background *b) MUST_CHECK;

/* The server accepts clients. */
void background_ready(struct background *b);

/* At the end of the server: remove the file. */
void background_end(const struct background *b);

#endif
