/*
 * log_sentence.h - the sentence for each event.
 */
#ifndef DAEMON_RECORDER_LOG_SENTENCE_H
#define DAEMON_RECORDER_LOG_SENTENCE_H

#include "daemon/recorder/log_line.h"

/* Append the event's sentence; every event has one. */
void log_sentence(struct buffer *line, const struct event *e);

#endif
