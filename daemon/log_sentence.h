/*
 * log_sentence.h - what each event means, in a sentence for people.
 */
#ifndef DAEMON_LOG_SENTENCE_H
#define DAEMON_LOG_SENTENCE_H

#include "daemon/log_line.h"

/* Append the event's sentence; every event has one. */
void log_sentence(struct buffer *line, const struct event *e);

#endif
