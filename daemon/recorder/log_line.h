/*
 * log_line.h - what the log formats share: one line, escaped and bounded.
 *
 * A format is a pure function: it appends one event's line, without the line
 * feed, and returns false, nothing appended, when its log has no line for
 * this event.
 */
#ifndef DAEMON_RECORDER_LOG_LINE_H
#define DAEMON_RECORDER_LOG_LINE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/log/event.h"

/* A path of any 4095 bytes fits when escaped. */
#define LOG_LINE_MAX (5 * 4096)

typedef bool log_format(struct buffer *line, const struct event *e);

/* Make an empty line in storage[size]; size is at least 16. */
void log_line_begin(struct buffer *line, char *storage, size_t size);

/* Mark what did not fit with "..." and add the line feed. */
void log_line_end(struct buffer *line);

/* Append text, escaped (text_escape), and the characters in `also` escaped
 * too. */
void log_line_add(struct buffer *line, const char *text, const char *also);

/* The same as one word without blanks, and between double quotes. */
void log_line_word(struct buffer *line, const char *text);
void log_line_quoted(struct buffer *line, const char *text);

/* "2026-11-21T02:25:41.123Z" */
void log_line_utc(struct buffer *line, int64_t wall_ns);

/* Local time: "Sat Nov 21 02:25:41 2026", and syslog's "Nov 21 02:25:41". */
void log_line_ctime(struct buffer *line, int64_t wall_ns);
void log_line_syslog_time(struct buffer *line, int64_t wall_ns);

/* " session=N peer=ADDRESS user=NAME", each where it is known. */
void log_line_who(struct buffer *line, const struct event *e);

/* A client's command, passwords masked even if the sender has not done so. */
void log_line_command(struct buffer *line, const char *text);

/* The same without escaping it. */
void log_line_mask(struct buffer *b, const char *text);

/* The numeric address of the client. */
void log_line_peer(struct buffer *line, const struct event *e);

#endif
