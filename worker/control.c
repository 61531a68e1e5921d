/*
 * control.c - cuts the control connection into lines.
 *
 * Runs in: greeter, session.
 * Never: keeps a line longer than it is needed.
 */
#include "common/base.h"

#include "worker/control.h"

#include "common/process/secret.h"

/* Telnet commands, RFC 854. */
enum {
	TELNET_SE = 240,
	TELNET_SB = 250,
	TELNET_WILL = 251,
	TELNET_WONT = 252,
	TELNET_DO = 253,
	TELNET_DONT = 254,
	TELNET_IAC = 255,
};

/* Of the next byte.  Crosses the hand-over: one unknown is as STATE_DATA. */
enum telnet_state {
	STATE_DATA,
	STATE_COMMAND,		/* after IAC */
	STATE_SUB,		/* inside IAC SB ... */
	STATE_SUB_COMMAND,	/* IAC inside it */
	/* After IAC and this verb comes an option. */
	STATE_WILL = TELNET_WILL,
	STATE_WONT = TELNET_WONT,
	STATE_DO = TELNET_DO,
	STATE_DONT = TELNET_DONT,
};

#define MAX_ANSWERS 16

void
control_init(struct control *c, int fd)
{
	*c = (struct control){ .stream = stream_plain(fd) };
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

/* Every option is refused, a bounded number of times, and only when the
 * client reads: RFC 1123 4.1.2.12 asks for no more.  Not under TLS, where a
 * write that has to wait must be made again. */
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

/* After IAC: true when the byte itself is data (IAC IAC). */
static bool
telnet_command(struct control *c, unsigned char byte)
{
	c->telnet = STATE_DATA;
	switch (byte) {
	case TELNET_IAC:
		return true;
	case TELNET_SB:
		c->telnet = STATE_SUB;
		return false;
	case TELNET_WILL:
	case TELNET_WONT:
	case TELNET_DO:
	case TELNET_DONT:
		c->telnet = byte;
		return false;
	default: /* NOP, DM, BRK, IP, AO, AYT, EC, EL, GA: no meaning here */
		return false;
	}
}

/* One byte through the state machine: true when it belongs to the line. */
static bool
telnet_byte(struct control *c, unsigned char byte)
{
	switch (c->telnet) {
	case STATE_COMMAND:
		return telnet_command(c, byte);
	case STATE_WILL:
	case STATE_WONT:
	case STATE_DO:
	case STATE_DONT:
		refuse_option(c, byte);
		c->telnet = STATE_DATA;
		return false;
	case STATE_SUB:
		if (byte == TELNET_IAC)
			c->telnet = STATE_SUB_COMMAND;
		return false;
	case STATE_SUB_COMMAND:
		c->telnet = byte == TELNET_SE ? STATE_DATA : STATE_SUB;
		return false;
	default:
		if (byte != TELNET_IAC)
			return true;
		c->telnet = STATE_COMMAND;
		return false;
	}
}

int
control_read(struct control *c)
{
	size_t room = sizeof(c->in) - c->in_len;
	ssize_t n;

	if (room == 0)
		return -ENOBUFS;
	n = stream_read(&c->stream, c->in + c->in_len, room);
	if (n <= 0)
		return (int)n;

	char *at = c->in + c->in_len;
	for (ssize_t i = 0; i < n; i++) {
		bool data = telnet_byte(c, (unsigned char)at[i]);

		c->telnet_behind = !data || (c->telnet_behind && at[i] != '\n');
		if (data)
			c->in[c->in_len++] = at[i];
	}
	return 1;
}

/* Remove n bytes from the front and leave no copy of them behind. */
static void
drop(struct control *c, size_t n)
{
	memmove(c->in, c->in + n, c->in_len - n);
	secret_wipe(c->in + c->in_len - n, n);
	c->in_len -= n;
	c->scanned = 0;
}

void
control_done(struct control *c)
{
	drop(c, c->taken);
	c->taken = 0;
}

/* The line in[0..end), its LF at end. */
static enum control_line
judge(struct control *c, size_t end, char **line, size_t *len)
{
	size_t n = end;

	if (n > 0 && c->in[n - 1] == '\r')
		n--;
	if (n > CONTROL_LINE_MAX)
		return CONTROL_TOO_LONG;
	if (memchr(c->in, '\0', n) != NULL || memchr(c->in, '\r', n) != NULL)
		return CONTROL_BAD_BYTE;
	*line = c->in;
	*len = n;
	return CONTROL_LINE;
}

/* Find the first line; *used is how many bytes it and its end take. */
static enum control_line
find(struct control *c, char **line, size_t *len, size_t *used)
{
	char *lf = memchr(c->in + c->scanned, '\n', c->in_len - c->scanned);

	if (lf == NULL) {
		c->scanned = c->in_len;
		*used = 0;
		if (c->skipping || c->in_len == sizeof(c->in)) {
			c->skipping = true;
			drop(c, c->in_len);
		}
		return CONTROL_NONE;
	}

	c->scanned = (size_t)(lf - c->in);
	*used = c->scanned + 1;
	if (c->skipping)
		return CONTROL_TOO_LONG;
	return judge(c, c->scanned, line, len);
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
control_peek(struct control *c, char **line, size_t *len)
{
	size_t used;

	control_done(c);
	return find(c, line, len, &used);
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
	return c->in_len > c->taken || c->telnet_behind;
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
