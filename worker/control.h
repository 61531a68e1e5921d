/*
 * control.h - the control connection: lines in, bytes out.
 *
 * In: one fixed buffer, incremental, indifferent to how the stream is cut
 * (rule R1).  Telnet commands (RFC 854, RFC 1123 4.1.2.10) are taken out by a
 * byte state machine (rule R24); IAC IAC is one byte 255.  A line ends with
 * CR LF, or with a bare LF as old clients send.
 *
 * Out: one write a reply.  When the client does not read, nothing piles up:
 * control_write() waits, and gives up at its deadline (rule R30).
 */
#ifndef WORKER_CONTROL_H
#define WORKER_CONTROL_H

#include "common/base.h"
#include "worker/stream.h"

#define CONTROL_LINE_MAX 4096	/* longest line, without its end */

enum control_line {
	CONTROL_NONE,		/* no whole line yet: read more */
	CONTROL_LINE,
	CONTROL_TOO_LONG,	/* dropped to its end: answer 500 */
	CONTROL_BAD_BYTE,	/* a NUL or a bare CR inside: answer 501 */
};

struct control {
	struct stream stream;
	/* private to control.c */
	char in[CONTROL_LINE_MAX + 2];
	size_t in_len;		/* decoded bytes in the buffer */
	size_t scanned;		/* of these, searched for a line's end */
	size_t taken;		/* bytes of the delivered line and its end */
	unsigned char telnet;	/* state of the IAC machine */
	bool telnet_behind;	/* it took bytes out behind the last LF */
	unsigned answers;	/* refusals of telnet options sent */
	bool skipping;		/* inside a line that was too long */
};

void control_init(struct control *c, int fd);	/* in the clear */

/* Take over bytes that another process had already read and decoded, and its
 * control_telnet(); at most CONTROL_LINE_MAX + 2, else -EMSGSIZE. */
int control_preload(struct control *c, const char *data, size_t len,
	unsigned char telnet) MUST_CHECK;

/*
 * Read what is there.  1 = something came, 0 = end of stream, -EAGAIN nothing
 * there now, or another -errno.  Call only when control_next() had no line.
 */
int control_read(struct control *c) MUST_CHECK;

/*
 * The next line.  *line (NUL-terminated) and *len are set for CONTROL_LINE
 * and stay valid until control_done() or the next call, both of which wipe
 * the line from the buffer (it may hold a password).
 */
enum control_line control_next(struct control *c, char **line, size_t *len);
void control_done(struct control *c);

/* The same without taking or terminating it: the next call returns this line
 * again. */
enum control_line control_peek(struct control *c, char **line, size_t *len);

/* Bytes read behind the last line taken, and which part of a telnet command
 * comes next (the hand-over). */
size_t control_leftover(const struct control *c, const char **data);
unsigned char control_telnet(const struct control *c);

/* Did anything come behind the last line taken, be it only a telnet command
 * that was taken out? */
bool control_has_more(const struct control *c);

/* Send all of data by the deadline.  0, -ETIMEDOUT, -EPIPE, ... */
int control_write(struct control *c, const char *data, size_t len,
	int64_t deadline) MUST_CHECK;

#endif
