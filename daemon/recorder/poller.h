/*
 * poller.h - adds descriptors to an epoll(7), and removes them.
 */
#ifndef DAEMON_RECORDER_POLLER_H
#define DAEMON_RECORDER_POLLER_H

#include "common/base.h"

/* Wait for fd to be readable; `what` is returned with its events.  0 or
 * -errno. */
int poller_add(int epoll, int fd, void *what) MUST_CHECK;

/* Needed before close(), because other processes may have the socket open. */
void poller_remove(int epoll, int fd);

#endif
