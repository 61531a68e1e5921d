/*
 * log_json.h - formats events as JSON, one object per line; the fields are
 * those of event_fields.h.
 */
#ifndef DAEMON_RECORDER_LOG_JSON_H
#define DAEMON_RECORDER_LOG_JSON_H

#include "common/base.h"
#include "common/json.h"
#include "daemon/recorder/event_fields.h"

/* Large enough for any event: all texts escaped, paths twice. */
#define LOG_JSON_MAX \
	(JSON_GROWTH * (4 * EVENT_PATH_MAX + EVENT_TEXT_MAX + 1024) + 4096)

/* Append the object, without a line feed. */
void log_json_format(struct buffer *line, const struct event_fields *f);

#endif
