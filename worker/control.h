/*
 * control.h - the control connection: lines in, bytes out.
 *
 * In: one fixed buffer, incremental, independent of how the stream is split
 * (rule R1).  A line ends with CR LF, or with a bare LF as old clients send.
 * Telnet commands (RFC 854, RFC 1123 4.1.2.10) are removed by a byte state
 * machine (rule R24), but only where a line begins, which is where clients
 * send IP and Synch.  Inside a line a byte 255 is a byte of a name: two of
 * them are one, as RFC 959 has it, and a single one stays.  No state survives
 * the line.
 *
 * Out: one write a reply.  When the client does not read, nothing is queued:
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
	CONTROL_TOO_LONG,	/* dropped to its end: reply 500 */
	CONTROL_BAD_BYTE,	/* a NUL or a bare CR inside: reply 501 */
};

struct control {
	struct stream stream;
	/* private to control.c */
	size_t in_len;		/* decoded bytes in the buffer */
	size_t scanned;		/* of these, searched for a line's end */
	size_t taken;		/* length of the delivered line and its end */
	unsigned char telnet;	/* state of the IAC machine */
	bool telnet_after;	/* it removed bytes after the last LF */
	unsigned answers;	/* refusals of telnet options sent */
	bool skipping;		/* inside a line that was too long */
	char in[CONTROL_LINE_MAX + 2];
};

/* Without TLS.  *c is zero, as fresh memory is: its buffer costs no page until
 * bytes arrive. */
void control_init(struct control *c, int fd);

/* Take over bytes that another process had already read and decoded, and its
 * control_telnet(); at most CONTROL_LINE_MAX + 2, else -EMSGSIZE. */
int control_preload(struct control *c, const char *data, size_t len,
	unsigned char telnet) MUST_CHECK;

/*
 * Read what is there.  1 = something came, 0 = end of stream, -EAGAIN nothing
 * there now, -ENOBUFS the buffer is full of lines that wait, or another
 * -errno.
 */
int control_read(struct control *c) MUST_CHECK;

/*
 * The next line.  *line (NUL-terminated) and *len are set for CONTROL_LINE
 * and stay valid until control_done() or the next call, both of which wipe
 * the line from the buffer (it may hold a password).
 */
enum control_line control_next(struct control *c, char **line, size_t *len);
void control_done(struct control *c);

/* Step through the lines that wait, without taking or terminating them: *at is
 * 0 for the first and is moved on. */
enum control_line control_peek(struct control *c, size_t *at, char **line,
	size_t *len);

/* Bytes read after the last line taken, and the state of the Telnet machine
 * (for the hand-over). */
size_t control_leftover(const struct control *c, const char **data);
unsigned char control_telnet(const struct control *c);

/* Is there no room for more before a line is taken? */
bool control_is_full(const struct control *c);

/* Was anything received after the last line taken, even only a Telnet command
 * that was removed? */
bool control_has_more(const struct control *c);

/* Send all of data by the deadline.  0, -ETIMEDOUT, -EPIPE, ... */
int control_write(struct control *c, const char *data, size_t len,
	int64_t deadline) MUST_CHECK;

#endif
