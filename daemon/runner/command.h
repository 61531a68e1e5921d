/*
 * command.h - a program that runs for an event or an upload.
 *
 * It is executed directly, without a shell: its arguments are its path and the
 * path that the event is about, its environment a few variables and the
 * event's fields, its standard input the event as JSON; for an upload its
 * descriptor 3 is the file.  Its output is logged.
 */
#ifndef DAEMON_RUNNER_COMMAND_H
#define DAEMON_RUNNER_COMMAND_H

#include "common/base.h"
#include "daemon/runner/queue.h"

struct command {
	pid_t pid;		/* 0: a free place */
	int output;		/* its standard output and error */
	int64_t deadline;	/* when it is killed */
	bool late;		/* it was */
	struct queued *request;	/* which it owns */
	unsigned lines;		/* that were logged */
	size_t len;		/* of line[] */
	char line[1024];
};

/* Fork and execute; takes the request over.  `as_session`: with the session's
 * account.  False when it could not be forked, which is logged. */
bool command_start(struct command *c, const struct settings *settings,
	struct queued *request, bool as_session);

/* Log what it has written. */
void command_read(struct command *c);

/* Kill it and all that it has started. */
void command_kill(struct command *c);

/* Has it exited?  Then everything that it has left running is killed, the rest
 * of its output and a failure are logged, the place is free, and *failed says
 * whether its status was another than 0. */
bool command_reap(struct command *c, bool *failed);

#endif
