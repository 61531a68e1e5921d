/*
 * reply.h - answers to the client (RFC 959 4.2, RFC 1123 4.1.2.11).
 *
 * One write a reply.  CR and LF in a text show as '?', a byte 255 is doubled
 * (Telnet).  A client that does not take its replies within a minute loses
 * the session.
 */
#ifndef WORKER_REPLY_H
#define WORKER_REPLY_H

#include "common/base.h"

struct session;

/* "code text" */
void reply(struct session *s, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* A text of the administrator's: "\n" (backslash, n) begins a new line. */
void reply_text(struct session *s, int code, const char *text);

/* A file operation failed: 550, or 452, 552, 553 where RFC 959 has a better
 * code, with the reason in words. */
void reply_errno(struct session *s, int error);

/* The words for an errno that the client may see. */
const char *reply_reason(int error);

/*
 * An answer of several lines: "code-first", then lines that begin with a
 * blank, then "code last".  Lines of any number; written in pieces when they
 * outgrow the buffer.
 */
struct reply_lines {
	struct session *session;
	int code;
	size_t len;
	char data[4 * PATH_MAX + 8192];	/* at least one line of any length */
};
void reply_begin(struct reply_lines *r, struct session *s, int code,
	const char *format, ...) PRINTF_LIKE(4, 5);
void reply_line(struct reply_lines *r, const char *format, ...)
	PRINTF_LIKE(2, 3);
void reply_raw(struct reply_lines *r, const char *text, size_t len);
void reply_finish(struct reply_lines *r, const char *format, ...)
	PRINTF_LIKE(2, 3);

#endif
