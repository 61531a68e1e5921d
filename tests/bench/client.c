/*
 * client.c - the small client of the measurements.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"

#include <dirent.h>
#include <fcntl.h>
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
client_wait(uint16_t port)
{
	int64_t deadline = clock_after(10);
	int fd;

	while ((fd = try_connect(port)) < 0) {
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

/* Is the last whole line the end of a reply, "123 ..."? */
static bool
is_complete(const struct client *c)
{
	const char *line = c->reply;

	if (c->len < 5 || c->reply[c->len - 1] != '\n')
		return false;
	for (const char *at = line; at < c->reply + c->len - 1; at++)
		if (*at == '\n')
			line = at + 1;
	return text_is_digit(line[0]) && line[3] == ' ';
}

void
client_reply(struct client *c, int code)
{
	char wanted[8];

	errno = 0;
	c->len = 0;
	do {
		ssize_t n = receive(c->fd, c->tls, c->reply + c->len,
			sizeof(c->reply) - 1 - c->len);
		if (n <= 0)
			client_fail("the server went away");
		c->len += (size_t)n;
		c->reply[c->len] = '\0';
	} while (!is_complete(c));

	snprintf(wanted, sizeof(wanted), "%d", code);
	if (strncmp(c->reply, wanted, 3) != 0)
		client_fail(c->reply);
}

void
client_connect(struct client *c, uint16_t port, bool secure)
{
	c->secure = secure;
	c->data = -1;
	c->tls = c->data_tls = NULL;
	c->ticket = NULL;
	c->fd = try_connect(port);
	if (c->fd < 0)
		client_fail("connect");
	client_reply(c, 220);
	if (!secure)
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
client_login(struct client *c, uint16_t port, bool secure)
{
	client_connect(c, port, secure);
	client_command(c, 331, "USER anna");
	client_command(c, 230, "PASS anna-pass");
	if (!secure)
		return;
	client_command(c, 200, "PBSZ 0");
	client_command(c, 200, "PROT P");
}

/* The next number of a 227 reply, behind *at. */
static unsigned
next_number(const char **at)
{
	unsigned value = 0;

	while (!text_is_digit(**at) && **at != '\0')
		++*at;
	while (text_is_digit(**at))
		value = value * 10 + (unsigned)(*(*at)++ - '0');
	return value;
}

static int
connect_passive(struct client *c)
{
	unsigned port = 0;

	client_command(c, 227, "PASV");
	const char *at = strchr(c->reply, '(');
	if (at == NULL)
		client_fail(c->reply);
	for (int i = 0; i < 6; i++)
		port = (port << 8 | (next_number(&at) & 0xff)) & 0xffff;
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
	client_reply(c, 150);
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

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t
client_median(int64_t *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), compare);
	return samples[n / 2];
}

/* A small file of a process; empty when it has just ended. */
static const char *
read_proc(const char *pid, const char *file)
{
	static char text[8192];
	char path[320];

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
	text[n > 0 ? n : 0] = '\0';
	io_close(&fd);
	return text;
}

int64_t
client_pss(const char *process)
{
	DIR *dir = opendir("/proc");
	int64_t sum = 0;

	if (dir == NULL)
		client_fail("/proc");
	for (const struct dirent *e = readdir(dir); e != NULL;
	    e = readdir(dir)) {
		if (!text_is_digit(e->d_name[0]) || strncmp(
		    read_proc(e->d_name, "comm"), process,
		    strlen(process)) != 0)
			continue;
		const char *at = strstr(read_proc(e->d_name, "smaps_rollup"),
			"\nPss:");
		if (at != NULL)
			sum += next_number(&at);
	}
	closedir(dir);
	return sum;
}
