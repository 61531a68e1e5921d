/*
 * server_name.c - a RADIUS server as it is written in the settings.
 *
 * Runs in: radius, and wherever settings are read.
 */
#include "common/base.h"
#include "common/radius/server_name.h"

#include "common/text.h"

#define HOST_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789.-_:%"

static int
parse_port(const char *text, size_t len, uint16_t *port)
{
	int64_t n;

	if (text_number(text, len, &n) < 0 || n < 1 || n > UINT16_MAX)
		return -EINVAL;
	*port = (uint16_t)n;
	return 0;
}

static int
take_host(struct radius_server_name *s, const char *text, size_t len)
{
	if (len == 0 || len >= sizeof(s->host))
		return -EINVAL;
	memcpy(s->host, text, len);
	s->host[len] = '\0';
	return strspn(s->host, HOST_BYTES) == len && s->host[0] != '-' ? 0 :
		-EINVAL;
}

static int
parse_host(struct radius_server_name *s, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	const char *close = memchr(text, ']', len);
	size_t host = len;

	if (len > 0 && text[0] == '[') {
		if (close == NULL)
			return -EINVAL;
		text++;
		len--;
		host = (size_t)(close - text);
		if (host + 1 < len && (close[1] != ':' || parse_port(close + 2,
		    len - host - 2, &s->port) < 0))
			return -EINVAL;
	} else if (colon != NULL && memrchr(text, ':', len) == colon) {
		/* More than one colon: an IPv6 address. */
		host = (size_t)(colon - text);
		if (parse_port(colon + 1, len - host - 1, &s->port) < 0)
			return -EINVAL;
	}
	return take_host(s, text, host);
}

int
radius_server_name_parse(struct radius_server_name *s, const char *text,
	size_t len, uint16_t port)
{
	size_t scheme = strlen(RADIUS_TLS_SCHEME);

	s->tls = len >= scheme && memcmp(text, RADIUS_TLS_SCHEME, scheme) == 0;
	s->port = s->tls ? RADIUS_TLS_PORT : port;
	return s->tls ? parse_host(s, text + scheme, len - scheme) :
		parse_host(s, text, len);
}
