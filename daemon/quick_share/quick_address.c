/*
 * quick_address.c - where a quick share listens.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_address.h"

#include "daemon/clients/listener.h"
#include "daemon/quick_share/quick_options.h"

#include <ifaddrs.h>
#include <net/if.h>

#define PORTS 30	/* to try */

/* The lowest is listed first: addresses that other hosts can reach before
 * loopback, IPv4 before IPv6. */
static int
rank(const struct address *a)
{
	bool v6 = address_family(a) == AF_INET6;
	bool loopback = v6 ? IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr) :
		address_in_network(a, "127.0.0.0/8") == 1;

	return (loopback ? 2 : 0) + (v6 ? 1 : 0);
}

/* A link-local address means nothing without the client's interface. */
static bool
is_usable(const struct ifaddrs *i, struct address *a)
{
	struct sockaddr_storage ss = { 0 };

	if (i->ifa_addr == NULL || !(i->ifa_flags & IFF_UP))
		return false;
	if (i->ifa_addr->sa_family == AF_INET)
		memcpy(&ss, i->ifa_addr, sizeof(struct sockaddr_in));
	else if (i->ifa_addr->sa_family == AF_INET6)
		memcpy(&ss, i->ifa_addr, sizeof(struct sockaddr_in6));
	else
		return false;
	return address_from_socket(a, &ss) == 0 &&
		address_in_network(a, "fe80::/10") != 1 &&
		address_in_network(a, "169.254.0.0/16") != 1;
}

static void
insert(struct quick_addresses *found, const struct address *a)
{
	size_t at = found->count;

	if (found->count == QUICK_ADDRESS_MAX)
		return;
	for (; at > 0 && rank(&found->list[at - 1]) > rank(a); at--)
		found->list[at] = found->list[at - 1];
	found->list[at] = *a;
	found->count++;
}

int
quick_address_list(struct quick_addresses *found, const struct address *chosen)
{
	struct ifaddrs *interfaces;
	struct address a;

	*found = (struct quick_addresses){ 0 };
	if (address_is_set(chosen)) {
		insert(found, chosen);
		return 0;
	}
	if (getifaddrs(&interfaces) < 0)
		return -errno;
	for (const struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next)
		if (is_usable(i, &a))
			insert(found, &a);
	freeifaddrs(interfaces);
	return found->count > 0 ? 0 : -EADDRNOTAVAIL;
}

static int
probe(const struct address *address, uint16_t port)
{
	int fd = listener_open(address, port);

	if (fd < 0)
		return fd;
	close(fd);
	return port;
}

int
quick_address_port(const struct address *address, uint16_t wanted)
{
	int port = -EADDRINUSE;

	if (wanted != 0)
		return probe(address, wanted);
	for (int i = 0; i < PORTS && port == -EADDRINUSE; i++)
		port = probe(address, (uint16_t)(QUICK_OPTIONS_PORT + i));
	return port;
}

void
quick_address_url(struct buffer *b, const struct address *a, uint16_t port,
	const char *user)
{
	bool v6 = address_family(a) == AF_INET6;
	char text[ADDRESS_TEXT_SIZE];

	buffer_addf(b, "ftp://%s%s%s%s%s:%u/", user != NULL ? user : "",
		user != NULL ? "@" : "", v6 ? "[" : "", address_text(a, text),
		v6 ? "]" : "", port);
}
