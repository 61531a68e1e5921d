/*
 * log_line.h - formats log lines: escaped, and of limited length.
 *
 * A format is a pure function: it appends one event's line, without the line
 * feed; or it returns false, with nothing appended, if its log has no line for
 * this event.
 */
#ifndef DAEMON_RECORDER_LOG_LINE_H
#define DAEMON_RECORDER_LOG_LINE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/log/event.h"

/* An escaped path of any 4095 bytes fits. */
#define LOG_LINE_MAX (5 * 4096)

typedef bool log_format(struct buffer *line, const struct event *e);

/* Start an empty line in storage[size]; size is at least 16. */
void log_line_begin(struct buffer *line, char *storage, size_t size);

/* Mark a truncation with "...", and add the line feed. */
void log_line_end(struct buffer *line);

/* Append text, escaped (text_escape), including the characters in `also`. */
void log_line_add(struct buffer *line, const char *text, const char *also);

/* The same, as one word without blanks, or in double quotes. */
void log_line_word(struct buffer *line, const char *text);
void log_line_quoted(struct buffer *line, const char *text);

/* Without printf(), which would take most of the time of a line. */
void log_line_number(struct buffer *line, int64_t number);

/* "2026-11-21T02:25:41.123Z" */
void log_line_utc(struct buffer *line, int64_t wall_ns);

/* Local time: "Sat Nov 21 02:25:41 2026", and syslog's "Nov 21 02:25:41". */
void log_line_ctime(struct buffer *line, int64_t wall_ns);
void log_line_syslog_time(struct buffer *line, int64_t wall_ns);

/* " session=N peer=ADDRESS user=NAME", each if known. */
void log_line_who(struct buffer *line, const struct event *e);

/* A client's command, passwords masked even if the sender has not done so. */
void log_line_command(struct buffer *line, const char *text);

/* The same without escaping it. */
void log_line_mask(struct buffer *b, const char *text);

/* The numeric address of the client. */
void log_line_peer(struct buffer *line, const struct event *e);

#endif
