/*
 * played.h - simulates the monitor and the relay of one conversation: the
 * content of a request determines the answer.
 *
 * The password "right" is accepted for every user; "more" leads to a question,
 * with the answer "right"; "busy" means that the account's limit is reached;
 * with "lost" the monitor has exited; all others are wrong, and the third one
 * ends the session.  The user "never" cannot log in without TLS; with the user
 * "lost" the monitor has exited.  A socket on the privileged port is granted
 * for every second target port.
 */
#ifndef TESTS_FUZZ_PLAYED_H
#define TESTS_FUZZ_PLAYED_H

#include "common/base.h"
#include "worker/session.h"

struct played {
	struct session *session;	/* who asks */
	bool silent;		/* a question found no answer */
	int attempts;
	int handover;		/* after a granted login, the session's end of
				 * the channel to the greeter; -1: none */
	struct channel relay;	/* the greeter's end of it; -1: none */
};

void played_begin(struct played *p);

/* Let the session ask. */
void played_answer(struct played *p, struct session *s);

/* The relay answers a question that waits; false when there is none. */
bool played_relay(struct played *p);

#endif
