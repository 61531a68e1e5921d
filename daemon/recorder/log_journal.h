/*
 * log_journal.h - formats datagrams for systemd's journal, in its native
 * protocol: MESSAGE is the sentence of the text log, and every field of the
 * event (event_fields.h) becomes a field such as SUREFTPD_SESSION.
 */
#ifndef DAEMON_RECORDER_LOG_JOURNAL_H
#define DAEMON_RECORDER_LOG_JOURNAL_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/recorder/event_fields.h"

#define LOG_JOURNAL_PATH "/run/systemd/journal/socket"

/* Large enough for any event. */
#define LOG_JOURNAL_MAX (6 * EVENT_PATH_MAX + 3 * EVENT_TEXT_MAX)

/* Append the datagram; priority and facility are those of syslog(3). */
void log_journal_format(struct buffer *b, const struct event *e, int priority,
	int facility);

#endif
