/*
 * background.h - running in the background, and the file with the process id,
 * for systems whose start scripts ask for them.
 */
#ifndef DAEMON_BACKGROUND_H
#define DAEMON_BACKGROUND_H

#include "common/base.h"

struct background {
	int ready;		/* to the process that waits, or -1 */
	const char *pid_file;	/* or NULL */
};

/*
 * Go on in a child, in a session of its own.  The process that was started
 * waits until background_ready(), and exits with 0; if the child ends first,
 * with the child's status.  0 in the child, or -errno.
 */
int background_begin(struct background *b) MUST_CHECK;

/* Whether standard error may be used in the background: a file, not a terminal
 * or a pipe that the starting process waits for. */
bool background_keeps_stderr(void);

/* Once in the background: close standard error, unless it is a file. */
void background_close_stderr(const struct background *b);

/* Write the file with the process id.  0 or -errno, logged. */
int background_write_pid(const struct background *b) MUST_CHECK;

/* The server accepts clients. */
void background_ready(struct background *b);

/* The server ends: remove the file. */
void background_end(const struct background *b);

#endif
