/*
 * sockets.c - the sockets of the server's processes.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/sockets.h"

#include "common/address.h"

#include <sys/socket.h>
#include <sys/syscall.h>

static bool
is_connected(int fd, uint16_t port)
{
	struct sockaddr_storage here, peer;
	socklen_t size = sizeof(peer);
	struct address a;

	if (getpeername(fd, (struct sockaddr *)&peer, &size) < 0)
		return false;
	size = sizeof(here);
	return getsockname(fd, (struct sockaddr *)&here, &size) == 0 &&
		address_from_socket(&a, &here) == 0 && address_port(&a) == port;
}

int
sockets_borrow(pid_t pid, uint16_t port)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int found = -1;

	if (pidfd < 0)
		return -1;
	for (int i = 0; i < 64 && found < 0; i++) {
		int fd = (int)syscall(SYS_pidfd_getfd, pidfd, i, 0);

		if (fd < 0)
			continue;
		if (is_connected(fd, port))
			found = fd;
		else
			close(fd);
	}
	close(pidfd);
	return found;
}

int
sockets_borrow_peer(pid_t pid, int fd)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	struct address a;

	if (getpeername(fd, (struct sockaddr *)&peer, &size) < 0 ||
	    address_from_socket(&a, &peer) < 0)
		return -1;
	return sockets_borrow(pid, address_port(&a));
}

int
sockets_option(int fd, int level, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, level, option, &value, &size) == 0 ? value : -1;
}
