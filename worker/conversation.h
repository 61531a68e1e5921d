/*
 * conversation.h - reads commands and carries them out.
 */
#ifndef WORKER_CONVERSATION_H
#define WORKER_CONVERSATION_H

#include "common/base.h"
#include "worker/session.h"

enum conversation_end {
	CONVERSATION_OVER,	/* s->over, with its outcome */
	CONVERSATION_LOGIN,	/* s->login.requested: user and password are
				 * there; call again with the answer given */
};

/* Once, before anything else. */
void conversation_start(struct session *s);

/* Carry on until the session is over, or the process's main has to do what no
 * command can: ask whether a login is right. */
enum conversation_end conversation_run(struct session *s);

/* Carry out one line. */
void conversation_line(struct session *s, const char *line, size_t len);

#endif
