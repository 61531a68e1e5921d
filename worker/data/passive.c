/*
 * passive.c - the listening socket of PASV and EPSV.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/data/passive.h"

#include "common/clock.h"

#include <sys/random.h>

#define TRIES	4	/* of random ports, before the kernel chooses */
#define BACKLOG 8	/* length of the accept queue, which other hosts may
			 * fill before the client */

/* A listening socket on this address and port, or -errno.  SO_REUSEADDR: the
 * port may be in TIME_WAIT after the previous transfer. */
static int
listen_on(const struct address *a)
{
	int fd = socket(address_family(a),
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, &a->any, address_size(a)) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

/* A uniform random number below `n`: values beyond the last multiple of n are
 * rejected, because they would favour small numbers. */
static int
random_below(uint32_t n, uint32_t *number)
{
	uint32_t limit = UINT32_MAX - UINT32_MAX % n;

	do {
		if (getrandom(number, sizeof(*number), 0) !=
		    (ssize_t)sizeof(*number))
			return -EIO;
	} while (*number >= limit);
	*number %= n;
	return 0;
}

static uint32_t
size_of(struct port_range range)
{
	return (uint32_t)(range.to - range.from) + 1;
}

/* A port that is free in the table; -EADDRINUSE when there is none. */
static int
listen_reserved(struct address *a, const struct listener_settings *rules,
	struct passive_ports *ports, uint32_t start, uint16_t *reserved)
{
	struct port_range range = rules->passive_ports;
	int64_t now = clock_ms();

	for (uint32_t i = size_of(range); i > 0; i--) {
		uint16_t port = passive_ports_reserve(ports, range, start,
			now);
		if (port == 0)
			break;
		address_set_port(a, port);
		int fd = listen_on(a);
		if (fd >= 0)
			*reserved = port;
		else if (fd == -EADDRINUSE)
			passive_ports_busy(ports, port, now);
		else
			passive_ports_release(ports, port, now);
		if (fd != -EADDRINUSE)
			return fd;
	}
	return -EADDRINUSE;
}

/* Try every port of the range once, ignoring the table. */
static int
listen_on_any(struct address *a, const struct listener_settings *rules,
	uint32_t start)
{
	struct port_range range = rules->passive_ports;
	uint32_t n = size_of(range);
	int fd = -EADDRINUSE;

	for (uint32_t i = 0; i < n && fd == -EADDRINUSE; i++) {
		address_set_port(a, (uint16_t)(range.from + (start + i) % n));
		fd = listen_on(a);
	}
	return fd;
}

static int
listen_in_range(struct address *a, const struct listener_settings *rules,
	struct passive_ports *ports, uint16_t *reserved)
{
	uint32_t start;
	int fd = random_below(size_of(rules->passive_ports), &start);

	if (fd < 0)
		return fd;
	fd = ports == NULL ? -EADDRINUSE :
		listen_reserved(a, rules, ports, start, reserved);
	return fd == -EADDRINUSE ? listen_on_any(a, rules, start) : fd;
}

/* A few tries.  The kernel's own choice takes long when many ports are in
 * TIME_WAIT, as after many transfers: it avoids these. */
static int
listen_on_random(struct address *a, struct port_range range)
{
	int fd = -EADDRINUSE;
	uint32_t number;

	if (range.from == 0)
		return fd;
	for (int i = 0; i < TRIES && fd == -EADDRINUSE; i++) {
		if (random_below(size_of(range), &number) < 0)
			return -EIO;
		address_set_port(a, (uint16_t)(range.from + number));
		fd = listen_on(a);
	}
	return fd;
}

static int
find_port(int fd, struct address *a)
{
	struct sockaddr_storage ss;
	socklen_t size = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &size) < 0)
		return -errno;
	return address_from_socket(a, &ss);
}

int
passive_listen(struct address *a, const struct listener_settings *rules,
	struct passive_ports *ports, uint16_t *reserved)
{
	struct port_range range = rules->passive_ports;
	int fd = -EADDRINUSE;

	*reserved = 0;
	if (range.from != 0 && range.to >= range.from)
		return listen_in_range(a, rules, ports, reserved);
	if (ports != NULL)
		fd = listen_on_random(a, passive_ports_any(ports));
	if (fd >= 0)
		return fd;
	address_set_port(a, 0);
	fd = listen_on(a);
	int error = fd < 0 ? fd : find_port(fd, a);
	if (error == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return error;
}
