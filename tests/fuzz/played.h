/*
 * played.h - the monitor and the relay of one conversation, played: what the
 * session asks them is answered here, as the question itself says.
 *
 * A login is granted for the password "right", whoever it is; "more" asks a
 * question, which "right" answers; "busy" is the account's limit, for "lost"
 * the monitor is gone, and every other is wrong, three times.  The user "never"
 * may not log in in cleartext, with "lost" the monitor is gone.  A socket on
 * the privileged port is to be had for one target port in two.
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
