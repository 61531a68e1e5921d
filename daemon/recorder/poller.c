/*
 * poller.c - adds descriptors to an epoll(7), and removes them.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/poller.h"

#include <sys/epoll.h>

int
poller_add(int epoll, int fd, void *what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

void
poller_remove(int epoll, int fd)
{
	(void)epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
}
