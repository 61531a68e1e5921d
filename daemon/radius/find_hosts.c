/*
 * find_hosts.c - looks up the host names of RADIUS servers.
 *
 * Runs in: radius, before it takes its role; the lookup in a child.
 */
#include "common/base.h"
#include "daemon/radius/find_hosts.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/radius/server_name.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>

#define WAIT_MS 30000

static void
look_up(const char *host, struct address *a)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_ADDRCONFIG };
	struct addrinfo *found = NULL;

	address_clear(a);
	if (getaddrinfo(host, NULL, &hints, &found) != 0 || found == NULL)
		return;
	if (found->ai_family == AF_INET)
		memcpy(&a->v4, found->ai_addr, sizeof(a->v4));
	else if (found->ai_family == AF_INET6)
		memcpy(&a->v6, found->ai_addr, sizeof(a->v6));
	freeaddrinfo(found);
}

NORETURN static void
look_up_all(int out, const char *const *hosts, size_t count)
{
	const int keep[] = { out, log_descriptor() };
	struct address found[RADIUS_MAX_SERVERS];

	child_begin(keep, ARRAY_SIZE(keep));
	role_enter(ROLE_RESOLVER, NULL);
	for (size_t i = 0; i < count; i++)
		look_up(hosts[i], &found[i]);
	(void)!io_write_all(out, found, count * sizeof(*found),
		clock_ms() + WAIT_MS);
	_exit(0);
}

/* All addresses come in one write, which a pipe does not split. */
static bool
receive(int fd, struct address *found, size_t size)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	return poll(&readable, 1, WAIT_MS) == 1 &&
		read(fd, found, size) == (ssize_t)size;
}

static bool
ask_child(const char *const *hosts, size_t count, struct address *found)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	pid_t pid = child_fork();
	if (pid == 0)
		look_up_all(fds[1], hosts, count);
	io_close(&fds[1]);
	bool good = pid > 0 && receive(fds[0], found, count * sizeof(*found));
	io_close(&fds[0]);
	if (pid > 0)
		(void)child_reap(pid, 0);
	return good;
}

static bool
is_usable(const struct address *a)
{
	return address_family(a) == AF_INET || address_family(a) == AF_INET6;
}

void
radius_find_hosts(const char *const *hosts, size_t count,
	struct address *addresses)
{
	struct address found[RADIUS_MAX_SERVERS];
	bool all = true, asked;

	for (size_t i = 0; i < count; i++)
		if (address_parse(&addresses[i], hosts[i]) < 0) {
			address_clear(&addresses[i]);
			all = false;
		}
	asked = !all && ask_child(hosts, count, found);
	for (size_t i = 0; i < count; i++) {
		if (asked && !address_is_set(&addresses[i]) &&
		    is_usable(&found[i]))
			addresses[i] = found[i];
		if (!address_is_set(&addresses[i]))
			log_error("RADIUS server %s: host not found",
				hosts[i]);
	}
}
