/*
 * log_text.h - the text log: a line and a sentence for each event, to standard
 * error or syslog.
 *
 *   TIME sureftpd[PID] LEVEL session=N peer=ADDRESS user=NAME SENTENCE
 *
 * TIME is "2026-11-21T02:25:41.123Z", or syslog's format with a colon after
 * PID.  The part before the sentence comes from root's processes and contains
 * no blank that a client has sent.  The sentence of a failed login is "login
 * failed: REASON"; no other line looks like that, because free text of a
 * greeter or session begins with "greeter: ", "relay: " or "session: ".  Tools
 * that ban addresses rely on this.
 */
#ifndef DAEMON_RECORDER_LOG_TEXT_H
#define DAEMON_RECORDER_LOG_TEXT_H

#include "common/log/log.h"
#include "daemon/recorder/log_line.h"

/* The longest line: what a pipe writes atomically. */
#define LOG_TEXT_MAX 4096

struct log_text {
	int fd;			/* standard error, or the socket of syslog */
	const char *socket_path; /* of syslog; NULL for standard error */
	bool journal;		/* standard error is the journal's */
	enum log_level level;
	uint64_t lost;		/* lines lost since writing failed */
};

/* Log to standard error; if that is the journal, lines begin with "<N>"
 * (sd-daemon(3)). */
void log_text_open_stderr(struct log_text *log, int fd, enum log_level level);

/* Log to the syslog socket at path ("/dev/log"); each line is a datagram with
 * facility ftp. */
void log_text_open_syslog(struct log_text *log, const char *path,
	enum log_level level);

/* Write the event's line, unless it is less severe than the level.  If the
 * reader does not keep up, waits once for a second; lost lines are counted, and
 * reported when writing works again. */
void log_text_write(struct log_text *log, const struct event *e);

void log_text_close(struct log_text *log);

/* Append the line from the level on; every event has a line. */
log_format log_text_format;

#endif
