/*
 * sinks.c - the logs that events are written to.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/sinks.h"

#include "common/log/log.h"
#include "common/text.h"
#include "daemon/recorder/log_custom.h"
#include "daemon/recorder/log_journal.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"

#include <syslog.h>

#define SYSLOG_PATH "/dev/log"

static const char *
path_of(const struct server_settings *s, enum sink sink)
{
	const char *const paths[SINKS] = {
		[SINK_PROTOCOL] = s->protocol,
		[SINK_VSFTPD] = s->vsftpd_file,
		[SINK_XFERLOG] = s->xferlog_file,
		[SINK_TEXT] = s->text_file,
		[SINK_CUSTOM] = s->custom_file,
		[SINK_JSON] = s->json_file,
	};

	return paths[sink] == NULL ? "" : paths[sink];
}

/* In the order of the words of log.syslog_facility. */
static int
facility_of(int choice)
{
	static const int facilities[] = {
		LOG_FTP, LOG_DAEMON, LOG_AUTH, LOG_AUTHPRIV, LOG_USER,
		LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3, LOG_LOCAL4,
		LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7,
	};

	return facilities[choice];
}

static void
open_text(struct log_text *text, const struct server_settings *s)
{
	enum log_level level = (enum log_level)s->level;

	if (s->destination == LOG_TO_STDERR) {
		log_text_open_stderr(text, STDERR_FILENO, level);
		return;
	}
	bool journal = s->destination == LOG_TO_JOURNALD;
	log_text_open_socket(text, journal ? LOG_JOURNAL_PATH : SYSLOG_PATH,
		journal, STDERR_FILENO, level);
	text->facility = facility_of(s->syslog_facility);
}

void
sinks_open(struct sinks *s, const struct server_settings *settings,
	const struct role_account *owner)
{
	open_text(&s->text, settings);
	s->custom_format = settings->custom_format;
	s->custom_events = settings->custom_events;
	for (enum sink i = 0; i < SINKS; i++)
		log_file_open(&s->files[i], path_of(settings, i), owner);
}

void
sinks_close(struct sinks *s)
{
	for (size_t i = 0; i < SINKS; i++)
		log_file_close(&s->files[i]);
	log_text_close(&s->text);
}

bool
sinks_need_root(const struct sinks *s)
{
	for (size_t i = 0; i < SINKS; i++)
		if (s->files[i].needs_root)
			return true;
	return false;
}

void
sinks_write_text(struct sinks *s, const struct event *e)
{
	log_text_write(&s->text, e);
}

static bool
format_text_file(struct buffer *line, const struct sinks *s,
	const struct event *e)
{
	return e->level <= s->text.level && log_text_format_line(line, e);
}

static bool
format_json(struct buffer *line, const struct event *e,
	const struct event_fields *f)
{
	if (e->type == EVENT_command || e->type == EVENT_reply)
		return false;
	log_json_format(line, f);
	return true;
}

static bool
format(const struct sinks *s, enum sink sink, struct buffer *line,
	const struct event *e, const struct event_fields *f)
{
	switch (sink) {
	case SINK_PROTOCOL:
		return log_protocol_format(line, e);
	case SINK_VSFTPD:
		return log_vsftpd_format(line, e);
	case SINK_XFERLOG:
		return log_xferlog_format(line, e);
	case SINK_TEXT:
		return format_text_file(line, s, e);
	case SINK_CUSTOM:
		return log_custom_format(line, s->custom_format,
			s->custom_events, e, f);
	case SINK_JSON:
		return format_json(line, e, f);
	case SINKS:
		break;
	}
	return false;
}

void
sinks_write(struct sinks *s, const struct event *e,
	const struct event_fields *f)
{
	log_text_write(&s->text, e);
	for (enum sink i = 0; i < SINKS; i++) {
		struct buffer line;

		if (*s->files[i].path == '\0')
			continue;
		log_line_begin(&line, s->line, i == SINK_JSON ?
			sizeof(s->line) : LOG_LINE_MAX);
		if (!format(s, i, &line, e, f))
			continue;
		log_line_end(&line);
		log_file_write(&s->files[i], &line);
	}
}
