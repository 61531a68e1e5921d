/*
 * sinks.h - the logs that are configured; every event is written to all of
 * them.
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
	const char *custom_format, *custom_events;
	char line[LOG_JSON_MAX];
};

/* Open the configured logs; the settings must outlive *s.  Log files are owned
 * by `owner` unless it is NULL. */
void sinks_open(struct sinks *s, const struct server_settings *settings,
	const struct role_account *owner);
void sinks_close(struct sinks *s);

/* Write the event to all logs; `f` has its fields. */
void sinks_write(struct sinks *s, const struct event *e,
	const struct event_fields *f);

/* Has a log file been replaced by one that only root can open? */
bool sinks_need_root(const struct sinks *s);

/* Write it to the text log only. */
void sinks_write_text(struct sinks *s, const struct event *e);

#endif
