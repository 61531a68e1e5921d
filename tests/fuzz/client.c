/*
 * client.c - see client.h.
 */
#include "common/base.h"

#include "tests/fuzz/client.h"

#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/world.h"

#define SECONDS_MAX 100000
#define TELNET_LOWEST 240	/* RFC 854: SE */

int
client_listen(struct client *c)
{
	return client_data_listen(&c->data, CLIENT_PORT);
}

void
client_begin(struct client *c, const uint8_t *script, size_t size, int control,
	bool six, bool implicit_tls)
{
	struct client_data data = c->data;

	*c = (struct client){
		.patient = true,
		.control = link_on(control),
		.monitor = { .fd = -1 },
		.ciphered = implicit_tls,
		.data = data,
		.at = script,
		.end = script + size,
		.plain = script,
	};
	client_data_begin(&c->data, six);
	replies_begin(&c->replies);
}

/* --- the control connection */

/* 226 is for the whole file. */
static void
check_download(struct client *c)
{
	int64_t complete = c->replies.complete;

	if (complete < 0)
		return;
	while (client_data_read(&c->data))
		;
	if (c->data.faithful && c->data.received != complete)
		fuzz_fail("226, but %" PRId64 " of %" PRId64 " bytes came",
			c->data.received, complete);
	c->replies.complete = -1;
}

static bool
read_control(struct client *c)
{
	static char bytes[65536];
	ssize_t n;

	if (!link_is_open(&c->control))
		return false;
	n = link_read(&c->control, bytes, sizeof(bytes));
	if (n == -EAGAIN)
		return link_has_moved(&c->control);
	if (n <= 0)
		return false;
	if (c->ciphered && c->control.ssl == NULL)
		return true;
	replies_feed(&c->replies, bytes, (size_t)n);
	check_download(c);
	c->ciphered = c->ciphered || c->replies.code == 234;
	return true;
}

/* An empty line gets no reply (command_loop.c), and one that begins with bytes
 * of telnet may be empty. */
static void
count(struct client *c, uint8_t byte)
{
	if (byte == '\n') {
		c->lines++;
		c->empty += c->line != LINE_COMMAND;
		c->line = LINE_EMPTY;
	} else if (c->line == LINE_EMPTY && byte != '\r') {
		c->line = byte >= TELNET_LOWEST ? LINE_TELNET : LINE_COMMAND;
	}
}

static bool
send_control(struct client *c, size_t len)
{
	ssize_t n = (ssize_t)len;

	if (link_is_open(&c->control) && !c->ended) {
		n = link_write(&c->control, c->at, len);
		if (n == -EAGAIN)
			return link_has_moved(&c->control);
		if (n <= 0)
			n = (ssize_t)len;	/* the server is gone */
		for (ssize_t i = 0; i < n; i++)
			count(c, c->at[i]);
	}
	c->at += n;
	return true;
}

static void
end_control(struct client *c)
{
	c->ended = true;
	link_end(&c->control);
}

/* TLS begins where the server expects it, and nowhere else. */
static void
secure_control(struct client *c)
{
	if (c->ciphered && c->control.ssl == NULL)
		link_secure(&c->control);
}

/* --- the script */

static void
end_session(struct client *c, bool now)
{
	struct message m;

	if (c->stops++ >= 2)	/* messages.def allows no more */
		return;
	message_zero(&m);
	m.type = MESSAGE_end_session;
	m.end_session.now = now;
	(void)!channel_send(&c->monitor, &m);
}

static void
pass_seconds(const uint8_t *digits, size_t len)
{
	int64_t seconds;

	if (text_number((const char *)digits, len, &seconds) < 0 ||
		seconds > SECONDS_MAX)
		seconds = 1;
	world_pass(seconds * 1000);
}

/* Where the line at `at` ends. */
static const uint8_t *
line_end(const struct client *c, const uint8_t *at)
{
	const uint8_t *lf = memchr(at, '\n', (size_t)(c->end - at));

	return lf == NULL ? c->end : lf + 1;
}

static void
join_lines(struct client *c)
{
	while (c->plain < c->end && *c->plain != '!')
		c->plain = line_end(c, c->plain);
}

static void
lose_replies(struct client *c, char mark)
{
	c->patient = false;
	switch (mark) {
	case 'q':
		end_control(c);
		break;
	case 'k':
		link_close(&c->control);
		break;
	case 'r':
		c->deaf = true;
		c->data.faithful = false;
		break;
	case 'z':
		channel_close(&c->monitor);
		break;
	}
}

static void
happen_to_data(struct client_data *d, char mark, const uint8_t *rest,
	size_t len)
{
	switch (mark) {
	case 'S':
		client_data_secure(d);
		break;
	case 'd':
		client_data_send(d, rest, len, 1);
		break;
	case 'D':
		client_data_send(d, rest, len, 1000);
		break;
	case 'e':
		client_data_end(d);
		break;
	case 'x':
		client_data_reset(d);
		break;
	case 'n':
		client_data_close(d);
		break;
	}
}

static void
happen(struct client *c, char mark, const uint8_t *rest, size_t len)
{
	switch (mark) {
	case 'p':
		join_lines(c);
		break;
	case 'h':
		c->half = true;
		break;
	case 'c':
		client_data_connect(&c->data, c->replies.port);
		break;
	case 's':
		secure_control(c);
		break;
	case 't':
		pass_seconds(rest, len > 0 ? len - 1 : 0);
		break;
	case 'm':
	case 'M':
		end_session(c, mark == 'M');
		break;
	case 'q':
	case 'k':
	case 'r':
	case 'z':
		lose_replies(c, mark);
		break;
	default:
		happen_to_data(&c->data, mark, rest, len);
	}
}

static bool
next_step(struct client *c)
{
	const uint8_t *line = c->at;
	size_t len;

	if (c->at == c->end)
		return false;
	if (c->at >= c->plain) {
		c->plain = line_end(c, line);
		len = (size_t)(c->plain - line);
		if (*line == '!') {
			c->at = c->plain;
			if (len > 1)
				happen(c, (char)line[1], line + 2, len - 2);
			return true;
		}
	}
	len = (size_t)(c->plain - c->at);
	if (c->half)
		len = (len + 1) / 2;
	c->half = false;
	return send_control(c, len);
}

/* After the script.  The first reply is the greeting. */
static bool
finish(struct client *c)
{
	bool answered = !c->patient || c->ciphered ||
		c->replies.finals + c->empty >= c->lines + 1;

	if (link_is_open(&c->data.link) && !c->data.ended)
		client_data_end(&c->data);
	else if (link_is_open(&c->control) && !c->ended && answered)
		end_control(c);
	else
		return false;
	return true;
}

bool
client_act(struct client *c)
{
	if (!c->deaf && (read_control(c) || client_data_act(&c->data)))
		return true;
	return c->at < c->end ? next_step(c) : finish(c);
}

void
client_read(struct client *c)
{
	while (!c->deaf && read_control(c))
		;
	if (c->patient && !c->ciphered)
		replies_end(&c->replies);
}

void
client_end(struct client *c)
{
	client_data_clear(&c->data);
	link_close(&c->control);
	channel_close(&c->monitor);
}
