/*
 * address.c - IPv4 and IPv6 addresses with their port.
 *
 * Runs in: every process.  Never: asks a name server or the kernel; scopes are
 * numbers ("fe80::1%2"), because looking up an interface's name needs a system
 * call that the sandboxes refuse.
 */
#include "common/base.h"
#include "common/address.h"

#include "common/buffer.h"
#include "common/text.h"

#include <arpa/inet.h>

void
address_clear(struct address *a)
{
	*a = (struct address){ .v6 = { .sin6_family = AF_UNSPEC } };
}

bool
address_is_set(const struct address *a)
{
	return address_family(a) != AF_UNSPEC;
}

static int
parse_v6(struct address *a, const char *text)
{
	BUFFER(host, ADDRESS_TEXT_SIZE);
	const char *percent = strchrnul(text, '%');
	int64_t scope = 0;

	buffer_add(&host, text, (size_t)(percent - text));
	if (*percent != '\0' && (text_number(percent + 1, strlen(percent + 1),
	    &scope) < 0 || scope > UINT32_MAX))
		return -EINVAL;
	if (host.overflow ||
	    inet_pton(AF_INET6, buffer_text(&host), &a->v6.sin6_addr) != 1)
		return -EINVAL;
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_scope_id = (uint32_t)scope;
	return 0;
}

int
address_parse(struct address *a, const char *text)
{
	address_clear(a);
	if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		return 0;
	}
	address_clear(a);
	int error = parse_v6(a, text);
	if (error < 0)
		address_clear(a);
	return error;
}

const char *
address_text(const struct address *a, char *text)
{
	char host[INET6_ADDRSTRLEN] = "-";
	struct buffer b;

	buffer_init(&b, text, ADDRESS_TEXT_SIZE);
	if (address_family(a) == AF_INET)
		inet_ntop(AF_INET, &a->v4.sin_addr, host, sizeof(host));
	else if (address_family(a) == AF_INET6)
		inet_ntop(AF_INET6, &a->v6.sin6_addr, host, sizeof(host));
	buffer_add_text(&b, host);
	if (address_family(a) == AF_INET6 && a->v6.sin6_scope_id != 0)
		buffer_addf(&b, "%%%" PRIu32, a->v6.sin6_scope_id);
	return text;
}

void
address_normalise(struct address *a)
{
	if (address_family(a) != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr))
		return;

	struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = a->v6.sin6_port,
	};
	memcpy(&v4.sin_addr, a->v6.sin6_addr.s6_addr + 12, 4);
	address_clear(a);
	a->v4 = v4;
}

int
address_from_socket(struct address *a, const struct sockaddr_storage *ss)
{
	address_clear(a);
	if (ss->ss_family == AF_INET)
		memcpy(&a->v4, ss, sizeof(a->v4));
	else if (ss->ss_family == AF_INET6)
		memcpy(&a->v6, ss, sizeof(a->v6));
	else
		return -EAFNOSUPPORT;
	address_normalise(a);
	return 0;
}

int
address_of_connection(int fd, struct address *peer, struct address *local)
{
	struct sockaddr_storage from = { 0 }, to = { 0 };
	socklen_t from_size = sizeof(from), to_size = sizeof(to);

	if (getpeername(fd, (struct sockaddr *)&from, &from_size) < 0 ||
	    getsockname(fd, (struct sockaddr *)&to, &to_size) < 0)
		return -errno;
	int error = address_from_socket(peer, &from);
	return error < 0 ? error : address_from_socket(local, &to);
}

int
address_family(const struct address *a)
{
	int family = a->any.sa_family;

	return family == AF_INET || family == AF_INET6 ? family : AF_UNSPEC;
}

uint16_t
address_port(const struct address *a)
{
	switch (address_family(a)) {
	case AF_INET:
		return ntohs(a->v4.sin_port);
	case AF_INET6:
		return ntohs(a->v6.sin6_port);
	default:
		return 0;
	}
}

void
address_set_port(struct address *a, uint16_t port)
{
	if (address_family(a) == AF_INET)
		a->v4.sin_port = htons(port);
	else if (address_family(a) == AF_INET6)
		a->v6.sin6_port = htons(port);
}

socklen_t
address_size(const struct address *a)
{
	switch (address_family(a)) {
	case AF_INET:
		return sizeof(a->v4);
	case AF_INET6:
		return sizeof(a->v6);
	default:
		return 0;
	}
}

/* A scope of 0 was not specified: clients leave it out. */
static bool
same_scope(uint32_t a, uint32_t b)
{
	return a == b || a == 0 || b == 0;
}

bool
address_same_host(const struct address *a, const struct address *b)
{
	if (address_family(a) != address_family(b))
		return false;
	switch (address_family(a)) {
	case AF_INET:
		return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	case AF_INET6:
		return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr,
			&b->v6.sin6_addr) &&
		    same_scope(a->v6.sin6_scope_id, b->v6.sin6_scope_id);
	default:
		return false;
	}
}

/* The bytes in network order, and their number; NULL for the empty address. */
static const uint8_t *
raw_bytes(const struct address *a, size_t *size)
{
	switch (address_family(a)) {
	case AF_INET:
		*size = sizeof(a->v4.sin_addr);
		return (const uint8_t *)&a->v4.sin_addr;
	case AF_INET6:
		*size = sizeof(a->v6.sin6_addr);
		return a->v6.sin6_addr.s6_addr;
	default:
		*size = 0;
		return NULL;
	}
}

/* The bits of byte i that belong to a prefix of this length. */
static uint8_t
prefix_mask(size_t i, size_t length)
{
	if (length >= 8 * i + 8)
		return 0xff;
	return length <= 8 * i ? 0 :
	    (uint8_t)(0xff << (8 - (length - 8 * i)));
}

#define MAPPED_BITS 96		/* before the IPv4 address */

/* The addresses of clients are IPv4, wherever they can be.  Returns the length
 * of the prefix. */
static int64_t
normalise_network(struct address *base, int64_t bits)
{
	if (bits < MAPPED_BITS || address_family(base) != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&base->v6.sin6_addr))
		return bits;
	address_normalise(base);
	return bits - MAPPED_BITS;
}

/* 0 or -EINVAL; *length in bits. */
static int
parse_network(const char *text, struct address *base, size_t *length)
{
	const char *slash = strchrnul(text, '/');
	BUFFER(host, ADDRESS_TEXT_SIZE);
	const uint8_t *bytes;
	int64_t bits;
	size_t size;

	buffer_add(&host, text, (size_t)(slash - text));
	if (host.overflow || strchr(buffer_text(&host), '%') != NULL ||
	    address_parse(base, buffer_text(&host)) < 0)
		return -EINVAL;
	(void)raw_bytes(base, &size);
	bits = (int64_t)size * 8;
	if (*slash != '\0' && (text_number(slash + 1, strlen(slash + 1),
	    &bits) < 0 || bits > (int64_t)size * 8))
		return -EINVAL;
	*length = (size_t)normalise_network(base, bits);
	bytes = raw_bytes(base, &size);
	for (size_t i = 0; i < size; i++)
		if ((bytes[i] & ~prefix_mask(i, *length)) != 0)
			return -EINVAL;
	return 0;
}

int
address_in_network(const struct address *a, const char *network)
{
	struct address base;
	size_t length, size;

	if (parse_network(network, &base, &length) < 0)
		return -EINVAL;
	if (address_family(a) != address_family(&base))
		return 0;
	const uint8_t *want = raw_bytes(&base, &size);
	const uint8_t *have = raw_bytes(a, &size);
	for (size_t i = 0; i < size; i++)
		if (((want[i] ^ have[i]) & prefix_mask(i, length)) != 0)
			return 0;
	return 1;
}

int
address_in_networks(const struct address *a, const char *networks)
{
	char network[ADDRESS_TEXT_SIZE + 8];
	const char *word;
	size_t len;

	while ((word = text_word(&networks, &len)) != NULL) {
		if (len >= sizeof(network))
			return -EINVAL;
		memcpy(network, word, len);
		network[len] = '\0';
		int found = address_in_network(a, network);
		if (found != 0)
			return found;
	}
	return 0;
}

struct address_prefix
address_prefix(const struct address *a)
{
	struct address_prefix prefix = { 0 };

	/* IPv4 in its mapped form, which differs from every /64. */
	if (address_family(a) == AF_INET) {
		memset(prefix.bytes + 10, 0xff, 2);
		memcpy(prefix.bytes + 12, &a->v4.sin_addr, 4);
	} else if (address_family(a) == AF_INET6) {
		memcpy(prefix.bytes, &a->v6.sin6_addr, 8);
	}
	return prefix;
}

struct address_prefix
address_network(const struct address *a)
{
	struct address_prefix network = address_prefix(a);

	if (address_family(a) == AF_INET)
		network.bytes[15] = 0;
	else
		memset(network.bytes + 6, 0, 2);
	return network;
}

bool
address_prefix_same(const struct address_prefix *a,
	const struct address_prefix *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

uint64_t
address_prefix_hash(const struct address_prefix *p, uint64_t seed)
{
	uint64_t h = seed;

	for (size_t i = 0; i < sizeof(p->bytes); i++) {
		h = (h ^ p->bytes[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 33;
	}
	return h;
}
