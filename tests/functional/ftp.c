/*
 * ftp.c - the control connection of the test's client.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftp.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/accounts.h"
#include "tests/functional/functional.h"
#include "tests/functional/network.h"

#define TIMEOUT_MS 10000

void
ftp_init(struct ftp *c, const char *server, const char *from)
{
	memset(c, 0, sizeof(*c));
	c->fd = c->data = c->listener = -1;
	c->server = server;
	c->from = from;
	c->mode = FTP_EPSV;
	c->size = 1024;
	c->text = calloc(1, c->size);
	snprintf(c->sent, sizeof(c->sent), "(connect)");
}

int
ftp_connect_to(struct ftp *c, const char *server, const char *from)
{
	ftp_init(c, server, from);
	c->fd = c->text != NULL ? network_connect(server, 21, from) : -1;
	if (c->fd < 0) {
		c->code = -1;
		return -1;
	}
	return ftp_reply(c);
}

int
ftp_connect(struct ftp *c)
{
	return ftp_connect_to(c, FTP_HOST, NULL);
}

/* On a Telnet stream the byte 255 is doubled. */
static const char *
telnet(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text != '\0' && n + 3 < size; text++) {
		out[n++] = *text;
		if (*text == '\xff')
			out[n++] = *text;
	}
	out[n] = '\0';
	return out;
}

bool
ftp_enter_to(struct ftp *c, const char *server, const char *from,
	const char *account)
{
	const struct account *a = accounts_find(account);
	char password[256];

	ftp_connect_to(c, server, from);
	return EXPECT_WAS(c, 220) && a != NULL &&
		EXPECT(c, 331, "USER %s", a->name) &&
		EXPECT(c, 230, "PASS %s",
			telnet(a->password, password, sizeof(password)));
}

bool
ftp_enter(struct ftp *c, const char *account)
{
	return ftp_enter_to(c, FTP_HOST, NULL, account);
}

int
ftp_login(struct ftp *c, const char *user, const char *password)
{
	if (ftp_command(c, "USER %s", user) != 331)
		return c->code;
	return ftp_command(c, "PASS %s", password);
}

bool
ftp_is_greeted(const char *from)
{
	struct ftp c;
	int code = ftp_connect_to(&c, FTP_HOST, from);

	ftp_close(&c);
	return code == 220;
}

int
ftp_try_login(const char *user, const char *password)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	int code = ftp_login(&c, user, password);
	ftp_close(&c);
	return code;
}

bool
ftp_send(struct ftp *c, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0 && c->fd >= 0) {
		ssize_t n = c->wire != NULL
			? c->wire->send(c, c->fd, at, len)
			: send(c->fd, at, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return c->fd >= 0;
}

bool
ftp_send_text(struct ftp *c, const char *text)
{
	snprintf(c->sent, sizeof(c->sent), "%.*s",
		(int)strcspn(text, "\r\n"), text);
	return ftp_send(c, text, strlen(text));
}

bool
ftp_send_urgent(struct ftp *c, const void *data, size_t len)
{
	return c->fd >= 0 &&
		send(c->fd, data, len, MSG_OOB | MSG_NOSIGNAL) == (ssize_t)len;
}

int
ftp_command(struct ftp *c, const char *format, ...)
{
	char line[8192];
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(line, sizeof(line) - 2, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line) - 2)
		abort();
	snprintf(c->sent, sizeof(c->sent), "%.250s", line);
	memcpy(line + n, "\r\n", 2);
	if (!ftp_send(c, line, (size_t)n + 2))
		return c->code = 0;
	return ftp_reply(c);
}

static bool
is_readable(struct ftp *c, int64_t ms)
{
	return c->wire != NULL ? c->wire->readable(c, c->fd, ms)
			       : network_readable(c->fd, ms);
}

/* Read more bytes into c->in: 1; 0 at the end of the stream; -1 after the
 * deadline. */
static int
read_more(struct ftp *c, int64_t deadline)
{
	int64_t left = deadline - clock_ms();

	if (c->fd < 0)
		return 0;
	if (left <= 0 || !is_readable(c, left))
		return -1;
	char *at = c->in + c->in_len;
	size_t room = sizeof(c->in) - c->in_len;
	ssize_t n = c->wire != NULL ? c->wire->receive(c, c->fd, at, room)
				    : recv(c->fd, at, room, 0);
	if (n <= 0)
		return 0;
	c->in_len += (size_t)n;
	return 1;
}

static void
add_line(struct ftp *c, const char *line, size_t len)
{
	while (c->len + len + 2 > c->size) {
		c->size *= 2;
		c->text = realloc(c->text, c->size);
		if (c->text == NULL)
			abort();
	}
	if (c->len > 0)
		c->text[c->len++] = '\n';
	memcpy(c->text + c->len, line, len);
	c->len += len;
	c->text[c->len] = '\0';
}

/* Append the next line to c->text; its length, 0 at the end of the stream, or
 * -1 on timeout. */
static ssize_t
take_line(struct ftp *c, int64_t deadline)
{
	for (;;) {
		char *end = memchr(c->in, '\n', c->in_len);
		if (end == NULL && c->in_len == sizeof(c->in))
			return -1;
		if (end == NULL) {
			int more = read_more(c, deadline);
			if (more <= 0)
				return more;
			continue;
		}
		size_t all = (size_t)(end - c->in) + 1;
		size_t len = all - 1;
		if (len > 0 && c->in[len - 1] == '\r')
			len--;
		add_line(c, c->in, len);
		c->in_len -= all;
		memmove(c->in, c->in + all, c->in_len);
		return (ssize_t)all;
	}
}

/* "226 text" ends a reply, "226-text" does not; 0 for neither. */
static int
code_of(const char *line, char end)
{
	int code = 0;

	for (int i = 0; i < 3; i++) {
		if (!text_is_digit(line[i]))
			return 0;
		code = code * 10 + (line[i] - '0');
	}
	return line[3] == end ? code : 0;
}

int
ftp_reply(struct ftp *c)
{
	int64_t deadline = clock_ms() + TIMEOUT_MS;
	int first = 0;

	c->len = 0;
	c->text[0] = '\0';
	c->code = -1;
	for (;;) {
		size_t at = c->len == 0 ? 0 : c->len + 1;
		ssize_t n = take_line(c, deadline);
		if (n <= 0)
			return c->code = (int)n;
		const char *line = c->text + at;
		if (at == 0)
			first = code_of(line, '-');
		if (first == 0)
			return c->code = code_of(line, ' ');
		if (at > 0 && code_of(line, ' ') == first)
			return c->code = first;
	}
}

bool
ftp_replies_within(struct ftp *c, int64_t ms)
{
	return memchr(c->in, '\n', c->in_len) != NULL ||
		(c->fd >= 0 && is_readable(c, ms));
}

bool
ftp_is_closed(struct ftp *c)
{
	return c->in_len == 0 && read_more(c, clock_ms() + TIMEOUT_MS) == 0;
}

static void
forget(struct ftp *c)
{
	c->fd = -1;
	ftp_data_close(c);
	c->wire = NULL;
	free(c->text);
	c->text = NULL;
	c->len = c->in_len = 0;
}

void
ftp_close(struct ftp *c)
{
	if (c->wire != NULL)
		c->wire->forget(c);
	if (c->fd >= 0)
		close(c->fd);
	forget(c);
}

void
ftp_reset(struct ftp *c)
{
	if (c->wire != NULL)
		c->wire->forget(c);
	if (c->fd >= 0)
		network_reset(c->fd);
	forget(c);
}

void
ftp_check_get(struct ftp *c, const char *expected)
{
	size_t len = 0;
	char *got = ftp_get(c, &len, "RETR f");

	CHECK_SAYS(got != NULL && len == strlen(expected) &&
		memcmp(got, expected, len) == 0, "%zu bytes, %s", len, c->text);
	free(got);
}
