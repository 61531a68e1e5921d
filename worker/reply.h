/*
 * reply.h - replies to the client (RFC 959 4.2, RFC 1123 4.1.2.11).
 *
 * One write a reply.  CR and LF in a text show as '?', a byte 255 is doubled
 * (Telnet).  When the client does not read its replies within a minute, or has
 * disconnected, `lost` is set and further replies are dropped; the conversation
 * checks it after every command.
 */
#ifndef WORKER_REPLY_H
#define WORKER_REPLY_H

#include "common/base.h"
#include "worker/control.h"

/* A path, its quotes doubled, and then each byte 255 doubled. */
#define REPLY_SIZE (2 * (2 * PATH_MAX + 200))

struct reply {
	struct control *control;
	bool log;		/* every reply is an event of its own */
	bool lost;
	char line[REPLY_SIZE];	/* private; on the stack every short reply
				 * would touch all of it */
};

void reply_init(struct reply *r, struct control *control, bool log);

/* "code text" */
void reply(struct reply *r, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* A text of one or more lines, with '\n' between them: "code-" before each but
 * the last.  Control characters but tabs show as '?', except that a CR before a
 * line's end is left out. */
void reply_text(struct reply *r, int code, const char *text);

/* A file operation failed with this errno: 550, or the better code that
 * reason.h has for it, and the reason in words. */
void reply_errno(struct reply *r, int error);

/*
 * A reply of several lines: "code-first", then lines that begin with a
 * blank, then "code last".  Lines of any number; written in pieces when they
 * outgrow the buffer.
 */
struct reply_lines {
	struct reply *reply;
	int code;
	size_t len;
	char data[4 * PATH_MAX + 8192];	/* at least one line of any length */
};
void reply_begin(struct reply_lines *l, struct reply *r, int code,
	const char *format, ...) PRINTF_LIKE(4, 5);
void reply_line(struct reply_lines *l, const char *format, ...)
	PRINTF_LIKE(2, 3);
void reply_raw(struct reply_lines *l, const char *text, size_t len);
void reply_finish(struct reply_lines *l, const char *format, ...)
	PRINTF_LIKE(2, 3);

#endif
