/*
 * address.h - IPv4 and IPv6 addresses with their port.
 *
 * One struct of fixed size, so that it can be part of messages.  An IPv4 client
 * of a dual-stack socket is always kept as plain IPv4 (address_normalise), so
 * that comparing, counting and printing need no second case.
 */
#ifndef COMMON_ADDRESS_H
#define COMMON_ADDRESS_H

#include "common/base.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

#define ADDRESS_TEXT_SIZE 64	/* numeric address with scope and NUL */

/* The empty address: family AF_UNSPEC. */
void address_clear(struct address *a);
bool address_is_set(const struct address *a);

/* Parse a numeric address: no names, no brackets, scopes as numbers
 * ("fe80::1%2").  0 or -EINVAL. */
int address_parse(struct address *a, const char *text) MUST_CHECK;

/* The numeric address without port into text[ADDRESS_TEXT_SIZE]; "-" when
 * empty.  Returns text. */
const char *address_text(const struct address *a, char *text);

/* Convert an IPv4-mapped IPv6 address to IPv4. */
void address_normalise(struct address *a);

/* Convert what accept(), getsockname() or getpeername() returned; normalises.
 * 0 or -EAFNOSUPPORT. */
int address_from_socket(struct address *a, const struct sockaddr_storage *ss)
	MUST_CHECK;

/* Both ends of a connected socket.  0 or -errno: -ENOTCONN when the peer has
 * disconnected. */
int address_of_connection(int fd, struct address *peer, struct address *local)
	MUST_CHECK;

/* AF_INET, AF_INET6 or AF_UNSPEC. */
int address_family(const struct address *a);
uint16_t address_port(const struct address *a);	/* host order */
void address_set_port(struct address *a, uint16_t port);
socklen_t address_size(const struct address *a);

/* The same host?  Ports are not compared, and scopes only if both have one. */
bool address_same_host(const struct address *a, const struct address *b);

/*
 * Is the address in the network: "192.0.2.0/24", "2001:db8::/32", or one
 * address?  "::ffff:192.0.2.0/120" is IPv4, too.  1 or 0; -EINVAL for an
 * invalid network, also when bits are set after its prefix.
 */
int address_in_network(const struct address *a, const char *network)
	MUST_CHECK;

/* The same for a list of networks, separated by blanks or commas; -EINVAL when
 * one of them, up to the first that matches, is invalid. */
int address_in_networks(const struct address *a, const char *networks)
	MUST_CHECK;

/*
 * The part of an address that counts as one client for limits and bans:
 * the IPv4 address, or the /64 of an IPv6 address.
 */
struct address_prefix { uint8_t bytes[16]; };
struct address_prefix address_prefix(const struct address *a);
/* The network that counts as one for limits: the IPv4 /24 or the IPv6 /48. */
struct address_prefix address_network(const struct address *a);
bool address_prefix_same(const struct address_prefix *a,
	const struct address_prefix *b);

/* For hash tables.  Without the seed, which is random and secret, nobody can
 * find prefixes with the same hash. */
uint64_t address_prefix_hash(const struct address_prefix *p, uint64_t seed);

#endif
