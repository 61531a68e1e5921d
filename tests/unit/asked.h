/*
 * asked.h - the monitor's end of a session's channel, for tests of what the
 * session asks it.
 */
#ifndef TESTS_UNIT_ASKED_H
#define TESTS_UNIT_ASKED_H

#include "common/base.h"
#include "common/process/channel.h"
#include "tests/unit/talk.h"

extern struct channel monitor;

/* talk_open(), with the monitor at the other end. */
void asked_begin(struct talk *t, bool logged_in);

/* The channel keeps messages: an answer can be there before its question. */
void asked_answer(struct message *m);
void asked_end_session(bool now);

#endif
