/*
 * log_text.c - writes the text log.
 *
 * Runs in: recorder.  Never: calls log_*(), which would call this file again.
 */
#include "common/base.h"
#include "daemon/recorder/log_text.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "daemon/recorder/log_journal.h"
#include "daemon/recorder/log_sentence.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>

#define PATIENCE_MS 1000

/* systemd passes device and inode of the journal's stream. */
static bool
is_journal(const struct stat *st)
{
	const char *stream = getenv("JOURNAL_STREAM");
	BUFFER(here, 64);

	if (stream == NULL)
		return false;
	buffer_addf(&here, "%ju:%ju", (uintmax_t)st->st_dev,
		(uintmax_t)st->st_ino);
	return strcmp(buffer_text(&here), stream) == 0;
}

void
log_text_open_stderr(struct log_text *log, int fd, enum log_level level)
{
	struct stat st;
	bool known = fstat(fd, &st) == 0;

	*log = (struct log_text){
		.fd = fd,
		.fallback = -1,
		.journal = known && is_journal(&st),
		.file = known && S_ISREG(st.st_mode),
		.level = level,
	};
}

void
log_text_open_socket(struct log_text *log, const char *path, bool native,
	int fallback, enum log_level level)
{
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };

	*log = (struct log_text){
		.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
		.fallback = fallback,
		.socket_path = path,
		.native = native,
		.facility = LOG_FTP,
		.level = level,
	};
	if (log->fd >= 0)
		setsockopt(log->fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			sizeof(patience));
}

void
log_text_close(struct log_text *log)
{
	if (log->socket_path != NULL)
		io_close(&log->fd);
}

bool
log_text_format(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, log_level_name(e->level));
	log_line_who(line, e);
	buffer_add_char(line, ' ');
	log_sentence(line, e);
	return true;
}

static int
priority(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return LOG_ERR;
	case LOG_LEVEL_WARNING:
		return LOG_WARNING;
	case LOG_LEVEL_INFO:
		return LOG_INFO;
	default:
		return LOG_DEBUG;
	}
}

/* " sureftpd[PID]" */
static void
add_program(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, " sureftpd[");
	log_line_number(line, e->pid);
	buffer_add_char(line, ']');
}

static void
add_prefix(struct buffer *line, const struct log_text *log,
	const struct event *e)
{
	if (log->socket_path != NULL) {
		buffer_addf(line, "<%d>", log->facility | priority(e->level));
		log_line_syslog_time(line, e->wall_ns);
	} else {
		if (log->journal)
			buffer_addf(line, "<%d>", priority(e->level));
		log_line_utc(line, e->wall_ns);
	}
	add_program(line, e);
	buffer_add_text(line, log->socket_path != NULL ? ": " : " ");
}

bool
log_text_format_line(struct buffer *line, const struct event *e)
{
	log_line_utc(line, e->wall_ns);
	add_program(line, e);
	buffer_add_char(line, ' ');
	return log_text_format(line, e);
}

/* Uses the path for every line, so that a restarted syslog is found.  0 or
 * -errno. */
static int
to_socket(const struct log_text *log, const struct buffer *line)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int flags = MSG_NOSIGNAL | (log->lost > 0 ? MSG_DONTWAIT : 0);
	ssize_t n;

	if (text_copy(to.sun_path, sizeof(to.sun_path), log->socket_path) < 0)
		return -ENAMETOOLONG;
	do {
		n = sendto(log->fd, line->data, line->len, flags,
			(struct sockaddr *)&to, sizeof(to));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static bool
to_stderr(const struct log_text *log, const struct buffer *line)
{
	struct pollfd writable = { .fd = log->fd, .events = POLLOUT };
	ssize_t n;

	if (!log->file &&
	    poll(&writable, 1, log->lost > 0 ? 0 : PATIENCE_MS) != 1)
		return false;
	do {
		n = write(log->fd, line->data, line->len);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)line->len;
}

static bool
write_stderr(const struct log_text *log, const struct event *e)
{
	char storage[LOG_TEXT_MAX] UNINITIALIZED;
	struct buffer line;

	log_line_begin(&line, storage, sizeof(storage));
	add_prefix(&line, log, e);
	log_text_format(&line, e);
	log_line_end(&line);
	return to_stderr(log, &line);
}

static int
write_socket(const struct log_text *log, const struct event *e)
{
	char storage[LOG_JOURNAL_MAX] UNINITIALIZED;
	struct buffer line;

	if (log->native) {
		buffer_init(&line, storage, sizeof(storage));
		log_journal_format(&line, e, priority(e->level), log->facility);
		return to_socket(log, &line);
	}
	log_line_begin(&line, storage, LOG_TEXT_MAX);
	add_prefix(&line, log, e);
	log_text_format(&line, e);
	log_line_end(&line);
	return to_socket(log, &line);
}

static struct event
own_event(const char *text)
{
	struct event e = event_new(EVENT_message);

	e.level = LOG_LEVEL_WARNING;
	e.wall_ns = clock_wall_ns();
	e.pid = getpid();
	e.role = "recorder";
	e.text = text;
	return e;
}

/* Write an event that could not be sent to the socket to standard error. */
static bool
write_instead(struct log_text *log, const struct event *e, int error)
{
	struct log_text instead;
	BUFFER(text, 256);

	if (log->fallback < 0)
		return false;
	log_text_open_stderr(&instead, log->fallback, log->level);
	if (!log->away) {
		buffer_addf(&text, "cannot reach %s: %s; logging to standard "
			"error", log->socket_path, strerror(-error));
		struct event own = own_event(buffer_text(&text));
		log->away = write_stderr(&instead, &own);
	}
	return write_stderr(&instead, e);
}

static bool
write_line(struct log_text *log, const struct event *e)
{
	if (log->socket_path == NULL)
		return write_stderr(log, e);
	int error = write_socket(log, e);
	if (error == 0)
		log->away = false;
	/* EAGAIN only means that the reader is slow: no fallback. */
	return error == 0 ||
	    (error != -EAGAIN && write_instead(log, e, error));
}

static bool
report_loss(struct log_text *log)
{
	BUFFER(text, 64);

	if (log->lost == 0)
		return true;
	buffer_addf(&text, "lost %" PRIu64 " lines of this log", log->lost);
	struct event e = own_event(buffer_text(&text));
	if (!write_line(log, &e))
		return false;
	log->lost = 0;
	return true;
}

void
log_text_write(struct log_text *log, const struct event *e)
{
	if (e->level > log->level)
		return;
	if (!report_loss(log) || !write_line(log, e))
		log->lost++;
}
