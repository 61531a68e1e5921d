/*
 * conversation.h - reads commands and executes them.
 */
#ifndef WORKER_CONVERSATION_H
#define WORKER_CONVERSATION_H

#include "common/base.h"
#include "worker/session.h"

enum conversation_end {
	CONVERSATION_OVER,	/* the session has ended: s->over, with its
				 * outcome */
	CONVERSATION_LOGIN,	/* s->login.requested: user and password are
				 * complete; call again after the answer */
};

/* Run until the session has ended, or until the caller must ask the monitor
 * about a login. */
enum conversation_end conversation_run(struct session *s);

/* Execute one line. */
void conversation_line(struct session *s, const char *line, size_t len);

#endif
