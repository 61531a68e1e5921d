/*
 * control.h - the control connection: lines in, bytes out.
 *
 * Input: one buffer of fixed size, parsed incrementally, so the result does not
 * depend on how the stream is split.  A line ends with CR LF, with a bare LF,
 * as sent by old clients, or with several CRs and LF, as sent by programs whose
 * library makes CR LF of each LF once more.  Telnet commands (RFC 854, RFC 1123
 * 4.1.2.10) are removed by a byte state machine, but only at the beginning of a
 * line, where clients send IP and Synch.  Inside a line a byte 255 is part of a
 * name: two become one, as in RFC 959, and a single one is kept.  The state is
 * reset at the end of each line.
 *
 * Output: one write per reply.  If the client does not read, nothing is queued:
 * control_write() waits, and fails at its deadline.
 */
#ifndef WORKER_CONTROL_H
#define WORKER_CONTROL_H

#include "common/base.h"
#include "worker/stream.h"

#define CONTROL_LINE_MAX 4096	/* longest line, without its end */

enum control_line {
	CONTROL_NONE,		/* no complete line yet: read more */
	CONTROL_LINE,
	CONTROL_TOO_LONG,	/* the line was dropped: reply 500 */
	CONTROL_BAD_BYTE,	/* contains a NUL or a bare CR: reply 501 */
};

struct control {
	struct stream stream;
	/* private to control.c */
	size_t in_len;		/* decoded bytes in the buffer */
	size_t scanned;		/* number of these already searched for a line
				 * end */
	size_t taken;		/* length of the returned line and its end */
	unsigned char telnet;	/* state of the IAC machine */
	bool telnet_after;	/* it has removed bytes since the last LF */
	unsigned answers;	/* number of refusals of telnet options sent */
	bool skipping;		/* inside a line that is too long */
	char in[CONTROL_LINE_MAX + 2];
};

/* Initialise, without TLS.  *c must be zeroed memory; the buffer is not
 * touched, so it costs no page until bytes arrive. */
void control_init(struct control *c, int fd);

/* Continue with bytes that another process has read and decoded, and its
 * control_telnet(); at most CONTROL_LINE_MAX + 2 bytes, else -EMSGSIZE. */
int control_preload(struct control *c, const char *data, size_t len,
	unsigned char telnet) MUST_CHECK;

/*
 * Read available bytes.  1: some were read; 0: end of stream; -EAGAIN: none
 * available; -ENOBUFS: the buffer is full of unhandled lines; or another
 * -errno.
 */
int control_read(struct control *c) MUST_CHECK;

/* The same by stream_read_soon(). */
int control_read_soon(struct control *c) MUST_CHECK;

/*
 * The next line.  *line (NUL-terminated) and *len are set for CONTROL_LINE and
 * are valid until control_done() or the next call, both of which wipe the line
 * from the buffer (it may contain a password).
 */
enum control_line control_next(struct control *c, char **line, size_t *len);
void control_done(struct control *c);

/* Iterate over the unhandled lines without taking them: *at is 0 for the first,
 * and is advanced.  The lines are not NUL-terminated. */
enum control_line control_peek(struct control *c, size_t *at, char **line,
	size_t *len);

/* Bytes read after the last line taken, and the state of the Telnet machine
 * (for the handover). */
size_t control_leftover(const struct control *c, const char **data);
unsigned char control_telnet(const struct control *c);

/* Is the buffer full until a line is taken? */
bool control_is_full(const struct control *c);

/* Was anything received after the last line taken, including Telnet commands
 * that were removed? */
bool control_has_more(const struct control *c);

/* Does what was received begin like a TLS handshake? */
bool control_begins_tls(const struct control *c);

/* Send all of data by the deadline.  0, -ETIMEDOUT or another -errno. */
int control_write(struct control *c, const char *data, size_t len,
	int64_t deadline) MUST_CHECK;

#endif
