/*
 * connector.c - makes the sockets of the process radius.
 *
 * Runs in: radius, before it takes its role; the connector.
 * Never: reads from the network; connects to what is not a server of the
 * settings.
 */
#include "common/base.h"
#include "daemon/radius/connector.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/role.h"
#include "common/process/service_socket.h"
#include "common/process/title.h"
#include "daemon/radius/find_hosts.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#define PATIENCE_MS 60000	/* for radius to receive what it asked for */

/* The process radius must not set options: some of them say where packets
 * go. */
static void
set_options(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	io_keepalive(fd, 60, 10, 3);
}

/* The socket, or -errno. */
static int
open_socket(const struct radius_target *to)
{
	int type = to->tls ? SOCK_STREAM : SOCK_DGRAM;

	if (!address_is_set(&to->address))
		return -EHOSTUNREACH;
	int fd = socket(address_family(&to->address), type | SOCK_CLOEXEC |
		SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (to->tls)
		set_options(fd);
	if (connect(fd, &to->address.any, address_size(&to->address)) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

/* 0 or -errno. */
static int
answer(int channel, uint32_t number, int fd)
{
	struct radius_socket_answer a = { number, fd < 0 ? fd : 0 };
	int error = service_socket_send(channel, &a, sizeof(a),
		fd < 0 ? -1 : fd, PATIENCE_MS);

	/* Too many that were not received yet. */
	if (error == -ETOOMANYREFS) {
		a.error = error;
		error = service_socket_send(channel, &a, sizeof(a), -1,
			PATIENCE_MS);
	}
	if (fd >= 0)
		close(fd);
	return error;
}

/* False when radius has ended. */
static bool
serve(int channel, const struct radius_target *targets, size_t count)
{
	struct radius_socket_request r;
	ssize_t n = recv(channel, &r, sizeof(r), 0);

	if (n < 0 && errno == EINTR)
		return true;
	if (n != (ssize_t)sizeof(r))
		return false;
	int fd = r.target < count ? open_socket(&targets[r.target]) : -EINVAL;
	return answer(channel, r.number, fd) == 0;
}

static void NORETURN
connector_main(int channel, struct radius_target *targets, size_t count,
	int later)
{
	const int keep[] = { channel, later, log_descriptor(),
		empty_root_fd() };
	struct pollfd fds[] = { { channel, POLLIN, 0 }, { later, POLLIN, 0 } };

	child_begin(keep, ARRAY_SIZE(keep));
	role_enter(ROLE_CONNECTOR, NULL);
	title_begin("connector");
	do {
		(void)!poll(fds, ARRAY_SIZE(fds), -1);
		if (fds[1].revents != 0 && !radius_find_hosts_later(later,
		    targets, count)) {
			log_warning("the process that looks up the RADIUS "
				"servers has ended: they keep their addresses "
				"until a reload");
			fds[1].fd = -1;
		}
	} while (fds[0].revents == 0 || serve(channel, targets, count));
	_exit(0);
}

int
radius_connector_start(struct radius_target *targets, size_t count, int later)
{
	int fds[2];
	int error = service_socket_pair(fds, 0);

	if (error < 0)
		return error;
	pid_t pid = child_fork();
	if (pid == 0)
		connector_main(fds[1], targets, count, later);
	io_close(&fds[1]);
	if (pid < 0) {
		io_close(&fds[0]);
		return pid;
	}
	return fds[0];
}
