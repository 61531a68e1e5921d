/*
 * poller.h - descriptors of an epoll(7) that are waited for to be readable.
 */
#ifndef DAEMON_RECORDER_POLLER_H
#define DAEMON_RECORDER_POLLER_H

#include "common/base.h"

/* `what` comes with its events.  0 or -errno. */
int poller_add(int epoll, int fd, void *what) MUST_CHECK;

/* Closing is not enough while other processes have the socket open. */
void poller_remove(int epoll, int fd);

#endif
