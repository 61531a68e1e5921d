/*
 * sinks.h - the logs that events are written to, all that the settings name at
 * once.
 */
#ifndef DAEMON_RECORDER_SINKS_H
#define DAEMON_RECORDER_SINKS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/recorder/log_file.h"
#include "daemon/recorder/log_json.h"
#include "daemon/recorder/log_text.h"

enum sink {
	SINK_PROTOCOL,
	SINK_VSFTPD,
	SINK_XFERLOG,
	SINK_TEXT,
	SINK_CUSTOM,
	SINK_JSON,
	SINKS
};

struct sinks {
	struct log_text text;
	struct log_file files[SINKS];
	const char *format, *events;	/* of the custom log */
	char line[LOG_JSON_MAX];
};

/* Open what the settings name, which must live longer; log files are given to
 * `owner` unless NULL. */
void sinks_open(struct sinks *s, const struct server_settings *settings,
	const struct role_account *owner);
void sinks_close(struct sinks *s);

/* Write the event; `f` has its fields. */
void sinks_write(struct sinks *s, const struct event *e,
	const struct event_fields *f);

/* The text log only. */
void sinks_write_text(struct sinks *s, const struct event *e);

#endif
