/*
 * command.h - runs a program for an event or an upload.
 *
 * It is executed directly, without a shell: its arguments are its own path and
 * the path of the event; its environment has a few standard variables and the
 * event's fields; its standard input is the event as JSON; for an upload,
 * descriptor 3 is the file.  Its output is logged.
 */
#ifndef DAEMON_RUNNER_COMMAND_H
#define DAEMON_RUNNER_COMMAND_H

#include "common/base.h"
#include "daemon/runner/queue.h"

struct command {
	pid_t pid;		/* 0: unused */
	int output;		/* its standard output and error */
	int64_t deadline;	/* when it is killed */
	bool late;		/* the deadline has passed */
	bool stuck;		/* it was killed, but does not end */
	struct queued *request;	/* owned */
	unsigned lines;		/* logged so far */
	size_t len;		/* bytes in line[] */
	char line[1024];
};

/* Fork and execute; takes ownership of the request.  `as_session`: run as the
 * session's account.  False if the fork failed, logged. */
bool command_start(struct command *c, const struct settings *settings,
	struct queued *request, bool as_session);

/* Log the output that is available. */
void command_read(struct command *c);

/* Kill it and the processes it has started. */
void command_kill(struct command *c);

/* It has not ended since: log it, and refuse the upload that it checks. */
void command_give_up(struct command *c);

/* Reap it if it has exited: kill the processes it left running, log the rest of
 * its output and a failure, and free the place.  True if it has exited; *failed
 * is set if its status was not 0. */
bool command_reap(struct command *c, bool *failed);

#endif
