/*
 * command_loop.h - reads commands and executes them.
 */
#ifndef WORKER_COMMAND_LOOP_H
#define WORKER_COMMAND_LOOP_H

#include "common/base.h"
#include "worker/session.h"

enum command_loop_end {
	COMMAND_LOOP_OVER,	/* SESSION_OVER */
	COMMAND_LOOP_LOGIN,	/* s->login.requested: user and password are
				 * complete; call again after the answer */
};

/* Run until the session has ended, or until the caller must ask the monitor
 * about a login. */
enum command_loop_end command_loop_run(struct session *s);

/* Execute one line. */
void command_loop_line(struct session *s, const char *line, size_t len);

#endif
