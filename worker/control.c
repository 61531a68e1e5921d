/*
 * control.c - splits the control connection into lines.
 *
 * Runs in: greeter, session.  Never: keeps a line longer than needed.
 */
#include "common/base.h"

#include "worker/control.h"

#include "common/process/secret.h"
#include "common/text.h"

/* Telnet commands (RFC 854): the lowest, and those with a parameter. */
enum {
	TELNET_LOWEST = 240,
	TELNET_SE = 240,
	TELNET_NOP = 241,
	TELNET_SB = 250,
	TELNET_WILL = 251,
	TELNET_WONT = 252,
	TELNET_DO = 253,
	TELNET_DONT = 254,
	TELNET_IAC = 255,
};

/* The meaning of the next byte.  Part of the handover: unknown values are
 * treated as STATE_DATA. */
enum telnet_state {
	STATE_DATA,
	STATE_COMMAND,		/* after IAC at the beginning of a line */
	STATE_SUB,		/* inside IAC SB ... */
	STATE_SUB_COMMAND,	/* IAC inside it */
	STATE_DOUBLED,		/* after 255 inside a line */
	/* Is IAC and this verb followed by an option? */
	STATE_WILL = TELNET_WILL,
	STATE_WONT = TELNET_WONT,
	STATE_DO = TELNET_DO,
	STATE_DONT = TELNET_DONT,
};

#define MAX_ANSWERS 16

void
control_init(struct control *c, int fd)
{
	c->stream = stream_plain(fd);
}

int
control_preload(struct control *c, const char *data, size_t len,
	unsigned char telnet)
{
	if (len > sizeof(c->in))
		return -EMSGSIZE;
	memcpy(c->in, data, len);
	c->in_len = len;
	c->telnet = telnet;
	return 0;
}

/* Refuse options, a limited number of times, and only if the client reads: RFC
 * 1123 4.1.2.12 requires no more.  Not with TLS, where a write that would block
 * must be repeated. */
static void
refuse_option(struct control *c, unsigned char option)
{
	unsigned char answer[3] = { TELNET_IAC, 0, option };

	if (c->telnet == STATE_WILL)
		answer[1] = TELNET_DONT;
	else if (c->telnet == STATE_DO)
		answer[1] = TELNET_WONT;
	else
		return;
	if (c->stream.tls == NULL && c->answers++ < MAX_ANSWERS)
		(void)!stream_write(&c->stream, answer, sizeof(answer));
}

/* Is the next byte the first of a line? */
static bool
line_begins(const struct control *c)
{
	return c->in_len > 0 ? c->in[c->in_len - 1] == '\n' : !c->skipping;
}

static void
store(struct control *c, unsigned char byte)
{
	c->in[c->in_len++] = (char)byte;
}

/* After IAC at the beginning of a line.  The IAC is stored until it is clear
 * whether it is part of the line: before a letter, which begins a command, it
 * is what a proxy has left of a Synch (see is_remainder()). */
static void
telnet_command(struct control *c, unsigned char byte)
{
	bool letter = text_upper((char)byte) >= 'A' &&
		text_upper((char)byte) <= 'Z';

	c->telnet = STATE_DATA;
	if (byte == TELNET_IAC)
		return;
	if (byte < TELNET_LOWEST && !letter) {
		store(c, byte);
		return;
	}
	if (c->in_len > 0)
		c->in_len--;
	if (letter)
		store(c, byte);
	else if (byte == TELNET_SB)
		c->telnet = STATE_SUB;
	else if (byte >= TELNET_WILL)
		c->telnet = byte;
	/* NOP, DM, BRK, IP, AO, AYT, EC, EL, GA are ignored. */
}

/* IP or DM without its IAC: clients send IAC IP IAC DM as urgent data before
 * ABOR, and proxies drop the urgent byte, which is one of the four. */
static bool
is_remainder(unsigned char byte)
{
	return byte >= TELNET_NOP && byte < TELNET_SB;
}

static void
data_byte(struct control *c, unsigned char byte)
{
	bool begins = line_begins(c);

	if (begins && is_remainder(byte))
		return;
	store(c, byte);
	if (byte == TELNET_IAC)
		c->telnet = begins ? STATE_COMMAND : STATE_DOUBLED;
}

/* Never stores more than one byte. */
static void
receive_byte(struct control *c, unsigned char byte)
{
	/* The state is reset at the end of the line. */
	if (byte == '\n')
		c->telnet = STATE_DATA;
	switch (c->telnet) {
	case STATE_COMMAND:
		telnet_command(c, byte);
		return;
	case STATE_WILL:
	case STATE_WONT:
	case STATE_DO:
	case STATE_DONT:
		refuse_option(c, byte);
		c->telnet = STATE_DATA;
		return;
	case STATE_SUB:
		if (byte == TELNET_IAC)
			c->telnet = STATE_SUB_COMMAND;
		return;
	case STATE_SUB_COMMAND:
		c->telnet = byte == TELNET_SE ? STATE_DATA : STATE_SUB;
		return;
	case STATE_DOUBLED:
		c->telnet = STATE_DATA;
		if (byte != TELNET_IAC)
			store(c, byte);
		return;
	default:
		data_byte(c, byte);
	}
}

/* Remove n bytes from the front, and wipe them. */
static void
drop(struct control *c, size_t n)
{
	memmove(c->in, c->in + n, c->in_len - n);
	secret_wipe(c->in + c->in_len - n, n);
	c->in_len -= n;
	c->scanned = 0;
}

/* Drop a line that is too long, up to its end. */
static void
skip_long_line(struct control *c)
{
	if (!control_is_full(c) || memchr(c->in, '\n', c->in_len) != NULL)
		return;
	c->skipping = true;
	drop(c, c->in_len);
}

bool
control_is_full(const struct control *c)
{
	return c->in_len == sizeof(c->in);
}

static int
read_by(struct control *c, ssize_t (*read)(struct stream *, void *, size_t))
{
	ssize_t n;

	skip_long_line(c);
	if (control_is_full(c))
		return -ENOBUFS;
	n = read(&c->stream, c->in + c->in_len, sizeof(c->in) - c->in_len);
	if (n <= 0)
		return (int)n;

	const char *at = c->in + c->in_len;
	for (ssize_t i = 0; i < n; i++) {
		char byte = at[i];
		size_t before = c->in_len;

		receive_byte(c, (unsigned char)byte);
		c->telnet_after = byte != '\n' &&
			(c->telnet_after || c->in_len <= before);
	}
	return 1;
}

int
control_read(struct control *c)
{
	return read_by(c, stream_read);
}

int
control_read_soon(struct control *c)
{
	return read_by(c, stream_read_soon);
}

void
control_done(struct control *c)
{
	drop(c, c->taken);
	c->taken = 0;
}

/* The line in[begin..end), its LF at end. */
static enum control_line
check_line(struct control *c, size_t begin, size_t end, char **line,
	size_t *len)
{
	char *at = c->in + begin;
	size_t n = end - begin;

	while (n > 0 && at[n - 1] == '\r')
		n--;
	if (n > CONTROL_LINE_MAX)
		return CONTROL_TOO_LONG;
	if (memchr(at, '\0', n) != NULL || memchr(at, '\r', n) != NULL)
		return CONTROL_BAD_BYTE;
	*line = at;
	*len = n;
	return CONTROL_LINE;
}

/* Find the first line; *used is its length including the line end. */
static enum control_line
find(struct control *c, char **line, size_t *len, size_t *used)
{
	char *lf = memchr(c->in + c->scanned, '\n', c->in_len - c->scanned);

	if (lf == NULL) {
		c->scanned = c->in_len;
		*used = 0;
		skip_long_line(c);
		if (c->skipping)
			drop(c, c->in_len);
		return CONTROL_NONE;
	}

	c->scanned = (size_t)(lf - c->in);
	*used = c->scanned + 1;
	if (c->skipping)
		return CONTROL_TOO_LONG;
	return check_line(c, 0, c->scanned, line, len);
}

enum control_line
control_next(struct control *c, char **line, size_t *len)
{
	enum control_line kind;

	control_done(c);
	kind = find(c, line, len, &c->taken);
	if (kind != CONTROL_NONE)
		c->skipping = false;
	if (kind == CONTROL_LINE)
		(*line)[*len] = '\0';
	return kind;
}

enum control_line
control_peek(struct control *c, size_t *at, char **line, size_t *len)
{
	size_t begin;
	char *lf;

	control_done(c);
	begin = *at;
	lf = memchr(c->in + begin, '\n', c->in_len - begin);
	if (lf == NULL)
		return CONTROL_NONE;
	*at = (size_t)(lf - c->in) + 1;
	if (begin == 0 && c->skipping)
		return CONTROL_TOO_LONG;
	return check_line(c, begin, *at - 1, line, len);
}

size_t
control_leftover(const struct control *c, const char **data)
{
	*data = c->in + c->taken;
	return c->in_len - c->taken;
}

unsigned char
control_telnet(const struct control *c)
{
	return c->telnet;
}

bool
control_has_more(const struct control *c)
{
	return c->in_len > c->taken || c->telnet_after;
}

bool
control_begins_tls(const struct control *c)
{
	/* A record with handshake data (RFC 8446 5.1). */
	static const char record[] = { 22, 3 };

	return c->in_len > sizeof(record) &&
		memcmp(c->in, record, sizeof(record)) == 0;
}

int
control_write(struct control *c, const char *data, size_t len, int64_t deadline)
{
	while (len > 0) {
		ssize_t n = stream_write(&c->stream, data, len);
		if (n == -EAGAIN)
			n = stream_wait(&c->stream, deadline);
		if (n < 0)
			return (int)n;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}
