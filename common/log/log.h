/*
 * log.h - what a process has to say to the administrator.
 *
 * Before log_connect() lines go to standard error; afterwards each is an
 * event (common/log/event.h) to the recorder, stamped with the session's
 * number, peer and user.  The one piece of global state in the program: who
 * this process is and where its lines go.
 *
 * Formats may print untrusted bytes: the recorder escapes every text before
 * it is written (rule R22), and so does the path to standard error.
 */
#ifndef COMMON_LOG_LOG_H
#define COMMON_LOG_LOG_H

#include "common/address.h"
#include "common/base.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Who is speaking: stamped on every event. */
struct log_context {
	uint64_t session;	/* session number, 0 in master and recorder */
	struct address peer;
	char user[256];		/* "" before login */
	const char *role;	/* "master", "monitor", ... */
};

/* Where the recorder's socket is kept in every process, so that the sandbox
 * can name it (common/process/sandbox.c); main() keeps the place free. */
#define LOG_DESCRIPTOR 3

/* Send further lines and events to this descriptor (kept, not owned). */
void log_connect(int recorder_fd);
int log_descriptor(void);	/* -1 while lines go to standard error */

/* Lines less urgent than level are dropped at the source. */
void log_set_level(enum log_level level);
bool log_wants(enum log_level level);

/* "error", "warning", "info" or "debug". */
const char *log_level_name(enum log_level level);

void log_set_role(const char *role);	/* static text */
void log_set_session(uint64_t number, const struct address *peer);
void log_set_user(const char *user);
const struct log_context *log_context(void);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warning(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* The errno text of a negative result: log_error("x: %s", log_errno(r)). */
const char *log_errno(int negative_errno);

/* At startup and for a breach at a boundary: log, then _exit(status). */
void fatal(int status, const char *format, ...) PRINTF_LIKE(2, 3) NORETURN;

/* Our own mistake: log where, then abort(). */
#define bug(text) log_bug(__FILE__, __LINE__, text)
void log_bug(const char *file, int line, const char *text) NORETURN;

#endif
