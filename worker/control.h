/*
 * control.h - the control connection: lines in, bytes out.
 *
 * In: one fixed buffer of CONTROL_LINE_MAX bytes, incremental, indifferent to
 * how the stream is cut (rule R1).  Telnet commands (RFC 854, RFC 1123
 * 4.1.2.10) are taken out by a byte state machine (rule R24); IAC IAC is a
 * byte 255.  A line ends with CR LF, or with a bare LF as old clients send.
 *
 * Out: one write a reply.  When the client does not read, nothing piles up:
 * control_write() waits, and gives up at its deadline (rule R30).
 */
#ifndef WORKER_CONTROL_H
#define WORKER_CONTROL_H

#include "common/base.h"

#define CONTROL_LINE_MAX 4096	/* longest line, without its end */

enum control_line {
	CONTROL_NONE,		/* no whole line yet: read more */
	CONTROL_LINE,
	CONTROL_TOO_LONG,	/* dropped to its end: answer 500 */
	CONTROL_BAD_BYTE,	/* a NUL or a bare CR inside: answer 501 */
};

struct control {
	int fd;
	/* private to control.c */
	char in[CONTROL_LINE_MAX + 2];
	size_t in_len;		/* decoded bytes in the buffer */
	size_t line_len;	/* bytes of the line being delivered */
	size_t scanned;		/* bytes already searched for a line's end */
	unsigned char telnet;	/* state of the IAC machine */
	unsigned telnet_answers; /* WONT/DONT sent, capped */
	bool skipping;		/* inside a line that was too long */
	bool saw_cr;
	bool bad_byte;
	bool eof;
};

void control_init(struct control *c, int fd);

/* Take over bytes that another process had already read and decoded. */
int control_preload(struct control *c, const char *data, size_t len) MUST_CHECK;

/* Read what is there.  1 = something came, 0 = end of stream, -EAGAIN, or
 * another -errno.  Call only when control_next() had no line. */
int control_read(struct control *c) MUST_CHECK;

/*
 * The next line: *line (NUL-terminated) and *len stay valid until the next
 * call.  The line that was delivered before is wiped from the buffer.
 */
enum control_line control_next(struct control *c, char **line, size_t *len);

/* Is a whole line waiting?  Does not consume it. */
bool control_pending(struct control *c);

/* Look at the waiting line without consuming it (commands during a
 * transfer). */
enum control_line control_peek(struct control *c, char **line, size_t *len);

/* What is left in the buffer behind the last line (for the hand-over). */
size_t control_leftover(struct control *c, char *data, size_t size);

/* Send all of data by the deadline.  0, -ETIMEDOUT, -EPIPE... */
int control_write(struct control *c, const char *data, size_t len,
	int64_t deadline) MUST_CHECK;

/* Overwrite everything that was read (it may hold a password). */
void control_wipe(struct control *c);

#endif
