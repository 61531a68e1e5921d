/*
 * log_custom.h - lines in a format of the administrator's own.
 *
 * In the format %{FIELD} stands for a field (event_fields.h), or for "-" where
 * the event does not have it, %{time:FORMAT} for its local time by
 * strftime(3), and %% for a percent sign.
 */
#ifndef DAEMON_RECORDER_LOG_CUSTOM_H
#define DAEMON_RECORDER_LOG_CUSTOM_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/recorder/event_fields.h"

/* What is wrong with a format or a list of events; NULL when nothing is. */
const char *log_custom_mistake(const char *format, const char *events);

/* Append the line, without the line feed; false, nothing appended, when
 * `events` leaves this event out. */
bool log_custom(struct buffer *line, const char *format, const char *events,
	const struct event *e, const struct event_fields *f);

#endif
