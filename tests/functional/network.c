/*
 * network.c - the loopback interface and plain TCP with timeouts.
 *
 * Runs in: the suite's process and its init, in their network namespace.
 */
#include "common/base.h"
#include "tests/functional/network.h"

#include "common/clock.h"
#include "tests/functional/waiting.h"
#include "tests/functional/world.h"

#include <arpa/inet.h>
#include <linux/ipv6.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#define PATIENCE_MS 5000

static bool
add_ipv4(int fd, const char *interface, const char *address)
{
	struct ifreq r = { 0 };
	struct sockaddr_in a = { .sin_family = AF_INET };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", interface);
	if (inet_pton(AF_INET, address, &a.sin_addr) != 1)
		return false;
	memcpy(&r.ifr_addr, &a, sizeof(a));
	return ioctl(fd, SIOCSIFADDR, &r) == 0;
}

static bool
add_ipv6(int fd, int interface, const char *address)
{
	struct in6_ifreq r = { .ifr6_prefixlen = 128,
		.ifr6_ifindex = interface };

	if (inet_pton(AF_INET6, address, &r.ifr6_addr) != 1)
		return false;
	return ioctl(fd, SIOCSIFADDR, &r) == 0;
}

bool
network_prepare(void)
{
	int v4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int v6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int index = (int)if_nametoindex("lo");
	bool good = v4 >= 0 && v6 >= 0 && ioctl(v4, SIOCSIFFLAGS, &lo) == 0;

	good = good && add_ipv4(v4, "lo:1", WORLD_IPV4);
	good = good && add_ipv6(v6, index, WORLD_IPV6);
	good = good && add_ipv6(v6, index, WORLD_IPV6_NEIGHBOUR);
	good = good && add_ipv6(v6, index, WORLD_IPV6_STRANGER);
	if (v4 >= 0)
		close(v4);
	if (v6 >= 0)
		close(v6);
	return good;
}

socklen_t
network_address(struct sockaddr_storage *ss, const char *address,
	uint16_t port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(port) };

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
		memcpy(ss, &v4, sizeof(v4));
		return sizeof(v4);
	}
	if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
		return 0;
	memcpy(ss, &v6, sizeof(v6));
	return sizeof(v6);
}

uint16_t
network_port(const struct sockaddr_storage *ss)
{
	struct sockaddr_in v4;

	/* The port stands at the same place in both families. */
	memcpy(&v4, ss, sizeof(v4));
	return ntohs(v4.sin_port);
}

static void
set_timeouts(int fd)
{
	struct timeval t = { .tv_sec = 10 };
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

int
network_connect(const char *address, uint16_t port, const char *from)
{
	struct sockaddr_storage to, own;
	socklen_t len = network_address(&to, address, port);
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	set_timeouts(fd);
	if (from != NULL) {
		socklen_t own_len = network_address(&own, from, 0);
		if (bind(fd, (struct sockaddr *)&own, own_len) != 0)
			goto failed;
	}
	if (connect(fd, (struct sockaddr *)&to, len) == 0)
		return fd;
failed:
	close(fd);
	return -1;
}

int
network_listen(const char *address, uint16_t *port)
{
	struct sockaddr_storage own;
	socklen_t len = network_address(&own, address, *port);
	int fd = socket(own.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&own, len) != 0 ||
	    listen(fd, 8) != 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &len) != 0) {
		close(fd);
		return -1;
	}
	*port = network_port(&own);
	return fd;
}

int
network_accept(int listener, struct sockaddr_storage *peer)
{
	struct sockaddr_storage ignored;
	socklen_t len = sizeof(ignored);

	if (!network_readable(listener, 10000))
		return -1;
	int fd = accept4(listener,
		(struct sockaddr *)(peer != NULL ? peer : &ignored), &len,
		SOCK_CLOEXEC);
	if (fd >= 0)
		set_timeouts(fd);
	return fd;
}

void
network_reset(int fd)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

bool
network_readable(int fd, int64_t ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t deadline = clock_ms() + ms;

	for (;;) {
		int n = poll(&p, 1, clock_poll(deadline));
		if (n >= 0 || errno != EINTR)
			return n > 0;
	}
}

/* Our port, or the other end's. */
static unsigned
port_of(int fd, int (*name)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);

	return name(fd, (struct sockaddr *)&ss, &len) == 0 ? network_port(&ss)
							   : 0;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Is this the line of the socket between these ports, and does nothing wait
 * there to be read?  Its words: number, local and remote address, state,
 * "unsent:unread". */
static bool
is_empty_socket(char *line, unsigned from, unsigned to)
{
	char *save = NULL, local[16], remote[16];
	const char *words[5];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = strtok_r(i == 0 ? line : NULL, " ", &save);
		if (words[i] == NULL)
			return false;
	}
	snprintf(local, sizeof(local), ":%04X", from);
	snprintf(remote, sizeof(remote), ":%04X", to);
	return ends_with(words[1], local) && ends_with(words[2], remote) &&
		ends_with(words[4], ":00000000");
}

static bool
is_empty(const char *table, unsigned from, unsigned to)
{
	FILE *file = fopen(table, "re");
	char line[512];
	bool empty = false;

	while (file != NULL && !empty &&
		fgets(line, sizeof(line), file) != NULL)
		empty = is_empty_socket(line, from, to);
	if (file != NULL)
		fclose(file);
	return empty;
}

static bool
was_read(void *context)
{
	int fd = *(int *)context;
	unsigned ours = port_of(fd, getsockname);
	unsigned theirs = port_of(fd, getpeername);
	int unsent = 1;

	/* First all of it must have arrived there. */
	return ioctl(fd, SIOCOUTQ, &unsent) == 0 && unsent == 0 &&
		(is_empty("/proc/net/tcp", theirs, ours) ||
			is_empty("/proc/net/tcp6", theirs, ours));
}

bool
network_was_read(int fd)
{
	return wait_until(was_read, &fd, PATIENCE_MS);
}

bool
network_was_ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	return poll(&p, 1, PATIENCE_MS) == 1;
}
