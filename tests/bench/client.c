/*
 * client.c - the small client of the measurements.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

void
client_fail(const char *what)
{
	if (errno != 0)
		perror(what);
	else
		fprintf(stderr, "%s\n", what);
	exit(1);
}

static int
try_connect(uint16_t port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		io_close(&fd);
	return fd;
}

void
client_wait(const struct target *t)
{
	int64_t deadline = clock_after(10);
	int fd;

	while ((fd = try_connect(t->port)) < 0) {
		if (clock_passed(deadline))
			client_fail("no server");
		clock_sleep_until(clock_ms() + 20);
	}
	close(fd);
}

static ssize_t
receive(int fd, SSL *ssl, void *data, size_t size)
{
	return ssl != NULL ? tls_receive(ssl, data, size)
			   : read(fd, data, size);
}

static ssize_t
transmit(int fd, SSL *ssl, const void *data, size_t len)
{
	return ssl != NULL ? tls_send(ssl, data, len) : write(fd, data, len);
}

/* Where the first reply in the buffer ends: behind its line "123 ..."; 0 when
 * it has not come as a whole. */
static size_t
reply_end(const struct client *c)
{
	const char *line = c->input, *end;
	const char *stop = c->input + c->len;

	while ((end = memchr(line, '\n', (size_t)(stop - line))) != NULL) {
		if (end - line >= 4 && text_is_digit(line[0]) &&
		    line[3] == ' ')
			return (size_t)(end + 1 - c->input);
		line = end + 1;
	}
	return 0;
}

/* The next reply. */
static void
read_reply(struct client *c)
{
	size_t end;

	errno = 0;
	while ((end = reply_end(c)) == 0) {
		ssize_t n = receive(c->fd, c->tls, c->input + c->len,
			sizeof(c->input) - c->len);
		if (n <= 0)
			client_fail("the server went away");
		c->len += (size_t)n;
	}
	memcpy(c->reply, c->input, end);
	c->reply[end] = '\0';
	c->len -= end;
	memmove(c->input, c->input + end, c->len);
}

void
client_reply(struct client *c, int code)
{
	char wanted[8];

	read_reply(c);
	snprintf(wanted, sizeof(wanted), "%d", code);
	if (strncmp(c->reply, wanted, 3) != 0)
		client_fail(c->reply);
}

void
client_connect(struct client *c, const struct target *t)
{
	*c = (struct client){ .secure = t->secure, .data = -1 };
	c->fd = try_connect(t->port);
	if (c->fd < 0)
		client_fail("connect");
	client_reply(c, 220);
	if (!c->secure)
		return;
	client_command(c, 234, "AUTH TLS");
	c->tls = tls_begin(c, c->fd);
}

static void
send_command(struct client *c, const char *format, va_list ap)
{
	BUFFER(line, 512);

	buffer_addv(&line, format, ap);
	buffer_add_text(&line, "\r\n");
	if (line.overflow || transmit(c->fd, c->tls, line.data, line.len) !=
		(ssize_t)line.len)
		client_fail("a command could not be sent");
}

void
client_command(struct client *c, int code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_command(c, format, ap);
	va_end(ap);
	client_reply(c, code);
}

void
client_login(struct client *c, const struct target *t)
{
	client_connect(c, t);
	client_command(c, 331, "USER anna");
	client_command(c, 230, "PASS anna-pass");
}

void
client_protect(struct client *c)
{
	if (!c->secure)
		return;
	client_command(c, 200, "PBSZ 0");
	client_command(c, 200, "PROT P");
}

int64_t
client_number(const char **at)
{
	int64_t value = 0;

	while (!text_is_digit(**at) && **at != '\0')
		++*at;
	while (text_is_digit(**at))
		value = value * 10 + (*(*at)++ - '0');
	return value;
}

static int
connect_passive(struct client *c)
{
	int64_t port = 0;

	client_command(c, 227, "PASV");
	const char *at = strchr(c->reply, '(');
	if (at == NULL)
		client_fail(c->reply);
	for (int i = 0; i < 6; i++)
		port = (port << 8 | (client_number(&at) & 0xff)) & 0xffff;
	int fd = try_connect((uint16_t)port);
	if (fd < 0)
		client_fail("data connection");
	return fd;
}

void
client_transfer(struct client *c, const char *format, ...)
{
	va_list ap;

	c->data = connect_passive(c);
	va_start(ap, format);
	send_command(c, format, ap);
	va_end(ap);
	/* 150, or 125 where the connection was accepted before. */
	read_reply(c);
	if (c->reply[0] != '1')
		client_fail(c->reply);
	if (c->secure)
		c->data_tls = tls_begin(c, c->data);
}

ssize_t
client_data_read(struct client *c, void *data, size_t size)
{
	ssize_t n = receive(c->data, c->data_tls, data, size);

	if (n < 0)
		client_fail("the data connection broke");
	return n;
}

void
client_data_write(struct client *c, const void *data, size_t len)
{
	if (transmit(c->data, c->data_tls, data, len) != (ssize_t)len)
		client_fail("the data connection broke");
}

void
client_data_end(struct client *c)
{
	tls_close(&c->data_tls, true);
	io_close(&c->data);
	client_reply(c, 226);
}

void
client_quit(struct client *c)
{
	client_command(c, 221, "QUIT");
	client_close(c);
}

void
client_close(struct client *c)
{
	tls_close(&c->tls, false);
	tls_forget(c);
	io_close(&c->fd);
}

int64_t
client_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
