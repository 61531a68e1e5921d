/*
 * log_journal.h - datagrams for the journal of systemd, in its native protocol:
 * the sentence is MESSAGE, and every field of the event (event_fields.h) has a
 * field of its own, SUREFTPD_SESSION and so on.
 */
#ifndef DAEMON_RECORDER_LOG_JOURNAL_H
#define DAEMON_RECORDER_LOG_JOURNAL_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/recorder/event_fields.h"

#define LOG_JOURNAL_PATH "/run/systemd/journal/socket"

/* Any event fits. */
#define LOG_JOURNAL_MAX (6 * EVENT_PATH_MAX + 3 * EVENT_TEXT_MAX)

/* Append the datagram; priority and facility are those of syslog(3). */
void log_journal(struct buffer *b, const struct event *e, int priority,
	int facility);

#endif
