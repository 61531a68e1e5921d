/*
 * log_text.h - the text log: one line for each event, ending with a sentence,
 * to standard error, syslog or the journal.
 *
 *   TIME sureftpd[PID] LEVEL session=N peer=ADDRESS user=NAME SENTENCE
 *
 * TIME is "2026-11-21T02:25:41.123Z", or syslog's format with a colon after
 * PID.  The part before the sentence comes from root's processes, and contains
 * no blanks sent by clients.  The sentence of a failed login is "login failed:
 * REASON"; no other line looks like that, because free text of a greeter or
 * session begins with "greeter: ", "relay: " or "session: ".  Tools that ban
 * addresses rely on this.
 */
#ifndef DAEMON_RECORDER_LOG_TEXT_H
#define DAEMON_RECORDER_LOG_TEXT_H

#include "common/log/log.h"
#include "daemon/recorder/log_line.h"

/* The longest line: what a pipe writes atomically. */
#define LOG_TEXT_MAX 4096

struct log_text {
	int fd;			/* standard error, or a socket */
	int fallback;		/* standard error, while the socket at
				 * socket_path cannot be reached; or -1 */
	const char *socket_path; /* NULL for standard error */
	bool native;		/* the socket is the journal's */
	int facility;		/* of syslog(3) */
	bool away;		/* the socket cannot be reached; logged */
	bool journal;		/* standard error is the journal's */
	bool file;		/* it is a file, which is always writable */
	enum log_level level;
	uint64_t lost;		/* lines lost since writing failed */
};

/* Log to standard error; if that is the journal, lines begin with "<N>"
 * (sd-daemon(3)). */
void log_text_open_stderr(struct log_text *log, int fd, enum log_level level);

/* The socket at path, of syslog ("/dev/log") or, `native`, of the journal
 * (log_journal.h); each event is a datagram.  While it cannot be reached, lines
 * go to `fallback`, with one line that says so. */
void log_text_open_socket(struct log_text *log, const char *path, bool native,
	int fallback, enum log_level level);

/* Write the event's line, unless it is less severe than the level.  If the
 * reader does not keep up, waits once for a second; lost lines are counted, and
 * reported when writing works again. */
void log_text_write(struct log_text *log, const struct event *e);

void log_text_close(struct log_text *log);

/* Append the line from the level on; every event has a line. */
log_format log_text_format;

/* Formats the whole line, for a file. */
log_format log_text_format_line;

#endif
