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

/* Run until the session is over, or until the caller must ask the monitor about
 * a login. */
enum conversation_end conversation_run(struct session *s);

/* Carry out one line. */
void conversation_line(struct session *s, const char *line, size_t len);

#endif
