/*
 * log_custom.h - log lines in a configurable format (log.custom_format).
 *
 * In the format, %{FIELD} is replaced by the field (event_fields.h), or "-" if
 * the event does not have it, %{time:FORMAT} by the local time as formatted by
 * strftime(3), and %% by a percent sign.
 */
#ifndef DAEMON_RECORDER_LOG_CUSTOM_H
#define DAEMON_RECORDER_LOG_CUSTOM_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/recorder/event_fields.h"

/* Returns the error in a format or a list of events, or NULL. */
const char *log_custom_mistake(const char *format, const char *events);

/* Append the line, without the line feed; false if the event is not in
 * `events`; then nothing is appended. */
bool log_custom(struct buffer *line, const char *format, const char *events,
	const struct event *e, const struct event_fields *f);

#endif
