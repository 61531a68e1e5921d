/*
 * log.c - lines of text for the administrator.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/log/log.h"

static void PRINTF_LIKE(3, 0)
send_text(enum event_type type, enum log_level level, const char *format,
	va_list ap)
{
	char text[EVENT_TEXT_MAX];
	struct event e = event_new(type);

	int len = vsnprintf(text, sizeof(text), format, ap);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(text))
		memcpy(text + sizeof(text) - 4, "...", 4);
	e.level = level;
	e.ok = level > LOG_LEVEL_WARNING;
	e.text = text;
	event_send(&e);
}

static void PRINTF_LIKE(2, 0)
send_line(enum log_level level, const char *format, va_list ap)
{
	if (log_wants(level))
		send_text(EVENT_message, level, format, ap);
}

void
log_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_line(LOG_LEVEL_ERROR, format, ap);
	va_end(ap);
}

void
log_warning(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_line(LOG_LEVEL_WARNING, format, ap);
	va_end(ap);
}

void
log_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_line(LOG_LEVEL_INFO, format, ap);
	va_end(ap);
}

void
log_debug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_line(LOG_LEVEL_DEBUG, format, ap);
	va_end(ap);
}

void
log_event(enum event_type type, enum log_level level, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_text(type, level, format, ap);
	va_end(ap);
}

const char *
log_errno(int negative_errno)
{
	return strerror(negative_errno < 0 ? -negative_errno : negative_errno);
}

void
fatal(int status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_line(LOG_LEVEL_ERROR, format, ap);
	va_end(ap);
	_exit(status);
}

void
log_bug(const char *file, int line, const char *text)
{
	log_error("bug at %s:%d: %s", file, line, text);
	abort();
}
