/*
 * ftp_data.c - the data connections of the test's client.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftp.h"

#include "common/text.h"
#include "tests/functional/network.h"

#include <arpa/inet.h>

static uint16_t
number_before(const char *text, const char *end)
{
	const char *from = end;
	int64_t n = 0;

	while (from > text && text_is_digit(from[-1]))
		from--;
	if (text_number(from, (size_t)(end - from), &n) != 0 || n > 65535)
		return 0;
	return (uint16_t)n;
}

uint16_t
ftp_port(const struct ftp *c)
{
	const char *end = strrchr(c->text, ')');

	if (end == NULL)
		return 0;
	if (c->code == 229)
		return number_before(c->text, end - 1);
	uint16_t low = number_before(c->text, end);
	while (end > c->text && *end != ',')
		end--;
	return (uint16_t)(number_before(c->text, end) * 256 + low);
}

static bool
prepare_passive(struct ftp *c)
{
	if (c->mode == FTP_PASV ? ftp_command(c, "PASV") != 227
				: ftp_command(c, "EPSV") != 229)
		return false;
	c->data = network_connect(c->server, ftp_port(c), c->from);
	return c->data >= 0;
}

static bool
prepare_active(struct ftp *c)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	char address[INET6_ADDRSTRLEN] = "";
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	uint16_t port = 0;

	if (getsockname(c->fd, (struct sockaddr *)&own, &len) != 0)
		return false;
	memcpy(&v4, &own, sizeof(v4));
	memcpy(&v6, &own, sizeof(v6));
	bool is_v6 = own.ss_family == AF_INET6;
	if (is_v6)
		inet_ntop(AF_INET6, &v6.sin6_addr, address, sizeof(address));
	else
		inet_ntop(AF_INET, &v4.sin_addr, address, sizeof(address));
	c->listener = network_listen(address, &port);
	if (c->listener < 0)
		return false;
	if (c->mode == FTP_EPRT)
		return ftp_command(c, "EPRT |%d|%s|%u|", is_v6 ? 2 : 1,
			       address, port) == 200;
	for (char *p = address; *p != '\0'; p++)
		*p = *p == '.' ? ',' : *p;
	return ftp_command(c, "PORT %s,%u,%u", address, port >> 8,
		       port & 255) == 200;
}

bool
ftp_prepare(struct ftp *c)
{
	ftp_data_close(c);
	if (c->mode == FTP_PASV || c->mode == FTP_EPSV)
		return prepare_passive(c);
	return prepare_active(c);
}

static int
start(struct ftp *c, const char *command)
{
	if (!ftp_prepare(c))
		return c->code;
	ftp_command(c, "%s", command);
	if (c->code != 150 && c->code != 125) {
		ftp_data_close(c);
		return c->code;
	}
	if (c->listener >= 0)
		c->data = network_accept(c->listener, NULL);
	if (c->data < 0)
		return c->code = -1;
	if (c->wire == NULL || c->wire->open(c))
		return c->code;
	ftp_data_close(c);
	return ftp_reply(c);
}

#define FORMAT_COMMAND(command, format)                                   \
	do {                                                              \
		va_list ap;                                               \
		va_start(ap, format);                                     \
		vsnprintf((command), sizeof(command), (format), ap);      \
		va_end(ap);                                               \
	} while (0)

int
ftp_start(struct ftp *c, const char *format, ...)
{
	char command[4096];

	FORMAT_COMMAND(command, format);
	return start(c, command);
}

int
ftp_finish(struct ftp *c)
{
	ftp_data_close(c);
	return ftp_reply(c);
}

char *
ftp_get(struct ftp *c, size_t *len, const char *format, ...)
{
	char command[4096];
	size_t size = 64 * 1024, n = 1;
	char *data = malloc(size);

	*len = 0;
	FORMAT_COMMAND(command, format);
	if (data == NULL)
		abort();
	start(c, command);
	if (c->data < 0) {
		free(data);
		return NULL;
	}
	while (n > 0) {
		n = ftp_data_read(c, data + *len, size - *len - 1);
		*len += n;
		if (size - *len < 1024) {
			size *= 2;
			data = realloc(data, size);
			if (data == NULL)
				abort();
		}
	}
	data[*len] = '\0';
	ftp_finish(c);
	return data;
}

int
ftp_put(struct ftp *c, const void *data, size_t len, const char *format, ...)
{
	char command[4096];

	FORMAT_COMMAND(command, format);
	start(c, command);
	if (c->data < 0)
		return c->code;
	ftp_data_send(c, data, len);
	return ftp_finish(c);
}

size_t
ftp_data_send(struct ftp *c, const void *data, size_t len)
{
	const char *at = data;
	size_t sent = 0;

	while (sent < len && c->data >= 0) {
		ssize_t n = c->wire != NULL
			? c->wire->send(c, c->data, at + sent, len - sent)
			: send(c->data, at + sent, len - sent, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	return sent;
}

size_t
ftp_data_read(struct ftp *c, char *data, size_t size)
{
	ssize_t n = 0;

	if (c->data >= 0)
		n = c->wire != NULL ? c->wire->receive(c, c->data, data, size)
				    : recv(c->data, data, size, 0);
	return n > 0 ? (size_t)n : 0;
}

void
ftp_data_close(struct ftp *c)
{
	if (c->data >= 0 && c->wire != NULL)
		c->wire->end(c);
	if (c->data >= 0)
		close(c->data);
	if (c->listener >= 0)
		close(c->listener);
	c->data = c->listener = -1;
}
