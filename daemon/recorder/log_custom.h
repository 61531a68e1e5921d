/*
 * log_custom.h - log lines in a configurable format
 * (common/log/custom_format.h).
 */
#ifndef DAEMON_RECORDER_LOG_CUSTOM_H
#define DAEMON_RECORDER_LOG_CUSTOM_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/recorder/event_fields.h"

/* Append the line in this format, which has no mistake, without the line feed;
 * false if the event is not in `events`; then nothing is appended. */
bool log_custom_format(struct buffer *line, const char *format,
	const char *events, const struct event *e,
	const struct event_fields *f);

#endif
