/*
 * reply.h - replies to the client (RFC 959 4.2, RFC 1123 4.1.2.11).
 *
 * At most one write per reply.  CR and LF in a text are shown as '?', a byte
 * 255 is doubled (Telnet).  When the client does not read its replies within a
 * minute, or has disconnected, `lost` is set and further replies are dropped;
 * the command loop checks it after every command.
 */
#ifndef WORKER_REPLY_H
#define WORKER_REPLY_H

#include "common/base.h"
#include "common/charset.h"
#include "worker/control.h"

/* A path with all quotes doubled, and all bytes 255 doubled. */
#define REPLY_SIZE (2 * (2 * PATH_MAX + 200))

struct reply {
	struct control *control;
	bool log;		/* log every reply as an event */
	bool lost;
	const char *quota_exceeded;	/* the administrator's text for that;
					 * NULL: as in reason.h */
	const struct charset *charset;	/* of the client; NULL: UTF-8 */
	/* private; not on the stack, where its pages would be touched by every
	 * reply */
	char line[REPLY_SIZE];
};

void reply_init(struct reply *r, struct control *control, bool log);

/* "code text" */
void reply(struct reply *r, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* A text of lines separated by '\n': "code-" before each except the last.
 * Control characters except tabs are shown as '?'; a CR before a line end is
 * removed.  An empty text is sent as "OK.": some clients refuse a reply without
 * a text (RFC 959 4.2). */
void reply_text(struct reply *r, int code, const char *text);

/* Reply to a file operation that failed with this errno: 550, or a more
 * specific code (reason.h), and the reason. */
void reply_errno(struct reply *r, int error);

/* The same, or this text if error (0 or -errno) is 0. */
void reply_result(struct reply *r, int error, int code, const char *text);

/* The reason in words, for a reply. */
const char *reply_reason(const struct reply *r, int error);

/* What ends a sentence with this reason: ".", or nothing if it ends itself. */
const char *reply_period(const char *reason);

/*
 * A reply of several lines: "code-first", then lines that begin with a blank,
 * then "code last".  Any number of lines; written in pieces if they do not fit
 * into the buffer.
 */
struct reply_lines {
	struct reply *reply;
	int code;
	size_t len;
	char data[4 * PATH_MAX + 8192];	/* space for at least one line of any
					 * length */
};
void reply_begin(struct reply_lines *l, struct reply *r, int code,
	const char *format, ...) PRINTF_LIKE(4, 5);
void reply_line(struct reply_lines *l, const char *format, ...)
	PRINTF_LIKE(2, 3);
/* Lines of a listing, each with a blank before it; text[len] may end within a
 * line only at the end of the listing. */
void reply_listing(struct reply_lines *l, const char *text, size_t len);
void reply_finish(struct reply_lines *l, const char *format, ...)
	PRINTF_LIKE(2, 3);

#endif
