/*
 * proxy.c - the PROXY protocol, versions 1 and 2.
 *
 * Runs in: greeter; session, for data connections.
 */
#include "common/base.h"
#include "worker/proxy.h"

#include "common/clock.h"
#include "common/text.h"

#define LINE_MAX_V1 107		/* with its CR LF */
#define HEAD_SIZE   16		/* of version 2, before the body */
#define BODY_MAX    2048	/* of version 2: addresses and extensions */
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define SIGNATURE_SIZE 12

/* --- version 1 */

/* The next word of the line, up to one blank or the end. */
static size_t
next_word(const char **at, const char *end, const char **word)
{
	const char *blank = memchr(*at, ' ', (size_t)(end - *at));
	size_t len = (size_t)((blank != NULL ? blank : end) - *at);

	*word = *at;
	*at = blank != NULL ? blank + 1 : end;
	return len;
}

static bool
parse_host(const char *word, size_t len, int family, struct address *a)
{
	char text[ADDRESS_TEXT_SIZE];

	if (len >= sizeof(text) || memchr(word, '%', len) != NULL)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return strlen(text) == len && address_parse(a, text) == 0 &&
	    (memchr(text, ':', len) != NULL) == (family == AF_INET6);
}

static bool
parse_port(const char *word, size_t len, uint16_t *port)
{
	int64_t number;

	if (text_number(word, len, &number) < 0 || number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	return true;
}

/* 1, 0 or -EBADMSG, as proxy_receive(). */
static int
parse_line(const char *line, size_t len, struct address *peer)
{
	const char *word[6], *at = line, *end = line + len - 2;
	size_t size[6];
	struct address server;
	uint16_t port, server_port;

	if (len < 8 || memcmp(end, "\r\n", 2) != 0)
		return -EBADMSG;
	for (size_t i = 0; i < 2; i++)
		size[i] = next_word(&at, end, &word[i]);
	if (size[0] != 5 || memcmp(word[0], "PROXY", 5) != 0)
		return -EBADMSG;
	if (size[1] == 7 && memcmp(word[1], "UNKNOWN", 7) == 0)
		return 0;
	if (size[1] != 4 || memcmp(word[1], "TCP", 3) != 0 ||
	    (word[1][3] != '4' && word[1][3] != '6'))
		return -EBADMSG;
	int family = word[1][3] == '4' ? AF_INET : AF_INET6;
	for (size_t i = 2; i < 6; i++)
		size[i] = next_word(&at, end, &word[i]);
	/* The last word ends the line, without a blank after it. */
	if (word[5] + size[5] != end ||
	    !parse_host(word[2], size[2], family, peer) ||
	    !parse_host(word[3], size[3], family, &server) ||
	    !parse_port(word[4], size[4], &port) ||
	    !parse_port(word[5], size[5], &server_port))
		return -EBADMSG;
	address_set_port(peer, port);
	/* A proxy with a socket for both protocols writes ::ffff:192.0.2.1 */
	address_normalise(peer);
	return 1;
}

/* --- version 2 */

static int
parse_head(const uint8_t *head, size_t *body)
{
	*body = (size_t)head[14] << 8 | head[15];
	if (memcmp(head, SIGNATURE, SIGNATURE_SIZE) != 0 ||
	    (head[12] != 0x20 && head[12] != 0x21) || *body > BODY_MAX)
		return -EBADMSG;
	return 0;
}

static int
parse_body(const uint8_t *head, const uint8_t *body, size_t len,
	struct address *peer)
{
	bool local = (head[12] & 0x0f) == 0;

	if (local || head[13] == 0x00)
		return 0;
	memset(peer, 0, sizeof(*peer));
	if (head[13] == 0x11 && len >= 12) {
		peer->v4.sin_family = AF_INET;
		memcpy(&peer->v4.sin_addr, body, 4);
		memcpy(&peer->v4.sin_port, body + 8, 2);
		return 1;
	}
	if (head[13] == 0x21 && len >= 36) {
		peer->v6.sin6_family = AF_INET6;
		memcpy(&peer->v6.sin6_addr, body, 16);
		memcpy(&peer->v6.sin6_port, body + 32, 2);
		address_normalise(peer);
		return 1;
	}
	return -EBADMSG;
}

/* --- reading */

struct source {
	int fd;
	proxy_wait *wait;
	void *context;
	int64_t deadline;
};

/* Read exactly this many bytes.  0 or -errno. */
static int
read_all(const struct source *s, void *data, size_t len)
{
	char *at = data;

	while (len > 0) {
		ssize_t n = recv(s->fd, at, len, 0);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		if (n == 0)
			return -EPIPE;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		int error = s->wait(s->context, s->fd, s->deadline);
		if (error < 0)
			return error;
		if (clock_passed(s->deadline))
			return -ETIMEDOUT;
	}
	return 0;
}

/* Byte by byte: what follows the line belongs to FTP or TLS. */
static int
receive_line(const struct source *s, char *line, size_t len,
	struct address *peer)
{
	if (memcmp(line, "PROXY ", 6) != 0)
		return -EBADMSG;
	while (line[len - 1] != '\n') {
		if (len == LINE_MAX_V1)
			return -EBADMSG;
		int error = read_all(s, line + len, 1);
		if (error < 0)
			return error;
		len++;
	}
	return parse_line(line, len, peer);
}

static int
receive_body(const struct source *s, uint8_t *head, struct address *peer)
{
	uint8_t body[BODY_MAX];
	size_t len = 0;
	int error = read_all(s, head + SIGNATURE_SIZE,
		HEAD_SIZE - SIGNATURE_SIZE);

	if (error == 0)
		error = parse_head(head, &len);
	if (error == 0)
		error = read_all(s, body, len);
	return error < 0 ? error : parse_body(head, body, len, peer);
}

int
proxy_receive(int fd, proxy_wait *wait, void *context, int64_t deadline,
	struct address *peer)
{
	const struct source s = { .fd = fd, .wait = wait, .context = context,
		.deadline = deadline };
	union {
		uint8_t head[HEAD_SIZE];
		char line[LINE_MAX_V1];
	} start;

	/* Shorter than the shortest line. */
	int error = read_all(&s, start.head, SIGNATURE_SIZE);
	if (error < 0)
		return error;
	if (memcmp(start.head, SIGNATURE, SIGNATURE_SIZE) == 0)
		return receive_body(&s, start.head, peer);
	return receive_line(&s, start.line, SIGNATURE_SIZE, peer);
}
