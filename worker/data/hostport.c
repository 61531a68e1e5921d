/*
 * hostport.c - parses and formats the addresses of PORT, EPRT, PASV and EPSV.
 *
 * Runs in: session.
 * Never: decides whether an address may be used; that is data.c.
 */
#include "common/base.h"
#include "worker/data/hostport.h"

#include "common/text.h"

/* The text up to the next delimiter, which is skipped. */
static const char *
field(const char **at, const char *end, char delimiter, size_t *len)
{
	const char *start = *at;
	const char *stop = memchr(start, delimiter, (size_t)(end - start));

	if (stop == NULL)
		return NULL;
	*len = (size_t)(stop - start);
	*at = stop + 1;
	return start;
}

/* One of the six numbers of PORT.  Some clients pad them with blanks. */
static int
octet(const char *text, size_t len, uint8_t *value)
{
	int64_t number;

	for (; len > 0 && *text == ' '; len--)
		text++;
	if (len > 3 || text_number(text, len, &number) < 0 || number > 255)
		return -EINVAL;
	*value = (uint8_t)number;
	return 0;
}

int
hostport_parse_port(const char *text, size_t len, struct address *a)
{
	const char *at = text, *end = text + len, *number;
	uint8_t octets[6];
	size_t n;

	address_clear(a);
	for (size_t i = 0; i < 5; i++) {
		number = field(&at, end, ',', &n);
		if (number == NULL || octet(number, n, &octets[i]) < 0)
			return -EINVAL;
	}
	if (octet(at, (size_t)(end - at), &octets[5]) < 0)
		return -EINVAL;
	if (octets[4] == 0 && octets[5] == 0)
		return -EINVAL;

	a->v4.sin_family = AF_INET;
	memcpy(&a->v4.sin_addr, octets, 4);
	memcpy(&a->v4.sin_port, octets + 4, 2);
	return 0;
}

/* The address of EPRT, which must match its protocol number.  An IPv4-mapped
 * address is IPv6 on the wire, and IPv4 in the rest of the program.  Clients
 * add a zone to a link-local one, which has a meaning on their host only. */
static int
parse_host(const char *text, size_t len, int family, struct address *a)
{
	BUFFER(host, ADDRESS_TEXT_SIZE);
	const char *zone = memchr(text, '%', len);

	if (memchr(text, '\0', len) != NULL)
		return -EINVAL;
	buffer_add(&host, text, zone != NULL ? (size_t)(zone - text) : len);
	if (host.overflow || address_parse(a, buffer_text(&host)) < 0)
		return -EINVAL;
	if (address_family(a) != family || (zone != NULL &&
		!IN6_IS_ADDR_LINKLOCAL(&a->v6.sin6_addr)))
		return -EINVAL;
	address_normalise(a);
	return 0;
}

/* RFC 2428 names the network protocols by number: 1 is IPv4, 2 is IPv6. */
static int
parse_protocol(const char *text, size_t len)
{
	int64_t protocol;

	if (text_number(text, len, &protocol) < 0)
		return -EINVAL;
	if (protocol != 1 && protocol != 2)
		return -EAFNOSUPPORT;
	return protocol == 1 ? AF_INET : AF_INET6;
}

static int
parse_eprt(const char *text, size_t len, struct address *a)
{
	const char *at = text + 1, *end = text + len;
	const char *protocol, *host, *port;
	size_t protocol_len, host_len, port_len;
	int64_t number;

	if (len == 0 || *text < 33 || *text > 126)
		return -EINVAL;
	protocol = field(&at, end, *text, &protocol_len);
	host = protocol ? field(&at, end, *text, &host_len) : NULL;
	port = host ? field(&at, end, *text, &port_len) : NULL;
	if (port == NULL || at != end)
		return -EINVAL;

	int family = parse_protocol(protocol, protocol_len);
	if (family < 0)
		return family;
	if (parse_host(host, host_len, family, a) < 0 ||
	    text_number(port, port_len, &number) < 0 ||
	    number < 1 || number > UINT16_MAX)
		return -EINVAL;
	address_set_port(a, (uint16_t)number);
	return 0;
}

int
hostport_parse_eprt(const char *text, size_t len, struct address *a)
{
	address_clear(a);
	int error = parse_eprt(text, len, a);
	if (error < 0)
		address_clear(a);
	return error;
}

void
hostport_add_port(struct buffer *b, const struct address *a)
{
	uint8_t octets[6];

	memcpy(octets, &a->v4.sin_addr, 4);
	memcpy(octets + 4, &a->v4.sin_port, 2);
	buffer_addf(b, "%u,%u,%u,%u,%u,%u", octets[0], octets[1], octets[2],
		octets[3], octets[4], octets[5]);
}
