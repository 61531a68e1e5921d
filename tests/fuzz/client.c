/*
 * client.c - see client.h.
 */
#include "common/base.h"

#include "tests/fuzz/client.h"

#include "common/address.h"
#include "common/io.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/world.h"

#define SECONDS_MAX 100000

static struct address
own_address(bool six, uint16_t port)
{
	struct address a;

	(void)!address_parse(&a, six ? "::1" : "127.0.0.1");
	address_set_port(&a, port);
	return a;
}

static int
new_socket(bool six)
{
	return socket(six ? AF_INET6 : AF_INET,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int
client_listen(struct client *c)
{
	for (int six = 0; six < 2; six++) {
		struct address a = own_address(six, CLIENT_PORT);
		c->listeners[six] = new_socket(six);
		if (bind(c->listeners[six], &a.any, address_size(&a)) < 0 ||
			listen(c->listeners[six], 8) < 0)
			return -errno;
	}
	return 0;
}

void
client_begin(struct client *c, const uint8_t *script, size_t size, int control,
	bool six)
{
	const int listeners[] = { c->listeners[0], c->listeners[1] };

	*c = (struct client){
		.patient = true,
		.control = control,
		.monitor = { .fd = -1 },
		.listeners = { listeners[0], listeners[1] },
		.six = six,
		.at = script,
		.end = script + size,
		.plain = script,
		.data = -1,
	};
	replies_begin(&c->replies);
}

/* --- the data connection */

static void
close_data(struct client *c)
{
	io_close(&c->data);
}

static void
reset_data(struct client *c)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (c->data >= 0)
		(void)setsockopt(c->data, SOL_SOCKET, SO_LINGER, &now,
			sizeof(now));
	close_data(c);
	c->faithful = false;
}

static void
take_data(struct client *c, int fd)
{
	reset_data(c);
	c->data = fd;
	c->data_ended = false;
	c->faithful = true;
	c->received = 0;
}

static bool
accept_data(struct client *c)
{
	int fd = accept4(c->listeners[c->six], NULL, NULL,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	take_data(c, fd);
	return true;
}

static void
connect_data(struct client *c)
{
	struct address a = own_address(c->six, c->replies.port);
	int fd;

	if (c->replies.port == 0)
		return;
	fd = new_socket(c->six);
	if (connect(fd, &a.any, address_size(&a)) < 0 && errno != EINPROGRESS)
		close(fd);
	else
		take_data(c, fd);
}

static bool
read_data(struct client *c)
{
	static char bytes[65536];
	ssize_t n;

	if (c->data < 0 || c->deaf)
		return false;
	n = recv(c->data, bytes, sizeof(bytes), 0);
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n > 0)
		c->received += n;
	else
		close_data(c);
	return true;
}

static void
send_data(struct client *c, const uint8_t *data, size_t len, unsigned times)
{
	ssize_t n = 0;

	while (c->data >= 0 && n >= 0 && times-- > 0)
		n = send(c->data, data, len, MSG_NOSIGNAL);
}

static void
end_data(struct client *c)
{
	c->data_ended = true;
	if (c->data >= 0)
		(void)shutdown(c->data, SHUT_WR);
}

/* --- the control connection */

/* 226 is for the whole file. */
static void
check_download(struct client *c)
{
	int64_t complete = c->replies.complete;

	if (complete < 0)
		return;
	while (read_data(c))
		;
	if (c->faithful && c->received != complete)
		fuzz_fail("226, but %" PRId64 " of %" PRId64 " bytes came",
			c->received, complete);
	c->replies.complete = -1;
}

static bool
read_control(struct client *c)
{
	static char bytes[65536];
	ssize_t n;

	if (c->control < 0 || c->deaf)
		return false;
	n = recv(c->control, bytes, sizeof(bytes), 0);
	if (n <= 0)
		return false;
	if (c->tls)
		return true;
	replies_feed(&c->replies, bytes, (size_t)n);
	check_download(c);
	c->tls = c->replies.code == 234;
	return true;
}

static bool
send_control(struct client *c, size_t len)
{
	ssize_t n = (ssize_t)len;

	if (c->control >= 0 && !c->ended) {
		n = send(c->control, c->at, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0)
			n = (ssize_t)len;	/* the server is gone */
		for (ssize_t i = 0; i < n; i++)
			c->lines += c->at[i] == '\n';
	}
	c->at += n;
	return true;
}

static void
end_control(struct client *c)
{
	c->ended = true;
	(void)shutdown(c->control, SHUT_WR);
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
		io_close(&c->control);
		break;
	case 'r':
		c->deaf = true;
		break;
	case 'z':
		channel_close(&c->monitor);
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
		connect_data(c);
		break;
	case 'd':
	case 'D':
		send_data(c, rest, len, mark == 'd' ? 1 : 1000);
		break;
	case 'e':
		end_data(c);
		break;
	case 'x':
		reset_data(c);
		break;
	case 'n':
		c->faithful = false;
		close_data(c);
		break;
	case 't':
		pass_seconds(rest, len > 0 ? len - 1 : 0);
		break;
	case 'm':
	case 'M':
		end_session(c, mark == 'M');
		break;
	default:
		if (strchr("qkrz", mark) != NULL && mark != '\0')
			lose_replies(c, mark);
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
	if (c->data >= 0 && !c->data_ended)
		end_data(c);
	else if (c->control >= 0 && !c->ended &&
		(!c->patient || c->replies.finals >= c->lines + 1))
		end_control(c);
	else
		return false;
	return true;
}

bool
client_act(struct client *c)
{
	if (read_control(c) || read_data(c) || accept_data(c))
		return true;
	return c->at < c->end ? next_step(c) : finish(c);
}

void
client_read(struct client *c)
{
	while (read_control(c))
		;
	if (c->patient && !c->tls)
		replies_end(&c->replies);
}

void
client_end(struct client *c)
{
	reset_data(c);
	while (accept_data(c))
		reset_data(c);
	io_close(&c->control);
	channel_close(&c->monitor);
}
