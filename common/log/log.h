/*
 * log.h - lines of text for the administrator.
 *
 * Before log_connect() they go to standard error; afterwards each is an event
 * (common/log/event.h) to the recorder, which writes it with the session's
 * number, peer and user.
 *
 * Formats may print untrusted bytes: every text is escaped before it is
 * written, by the recorder and on standard error.
 */
#ifndef COMMON_LOG_LOG_H
#define COMMON_LOG_LOG_H

#include "common/base.h"
#include "common/log/event.h"
#include "common/log/log_context.h"

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warning(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* Log an event of this type with this text and level.  Its `ok` is true if the
 * level is less urgent than a warning. */
void log_event(enum event_type type, enum log_level level, const char *format,
	...) PRINTF_LIKE(3, 4);

/* The errno text of a negative result: log_error("x: %s", log_errno(r)). */
const char *log_errno(int negative_errno);

/* At startup and for a protocol violation: log, then _exit(status). */
void fatal(int status, const char *format, ...) PRINTF_LIKE(2, 3) NORETURN;

/* A bug in the program: log the place in the source, then abort(). */
#define bug(text) log_bug(__FILE__, __LINE__, text)
void log_bug(const char *file, int line, const char *text) NORETURN;

#endif
