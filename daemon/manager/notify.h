/*
 * notify.h - notifies the service manager of the server's state: the
 * protocol of sd_notify(3), one datagram per message, without its library.
 *
 * All functions do nothing without a service manager, and never wait.
 */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include "common/base.h"

#include <sys/un.h>

struct notify {
	struct sockaddr_un to;
	socklen_t size;		/* 0: no service manager */
};

/* `name` is $NOTIFY_SOCKET: a path, "@NAME" in the abstract namespace, or NULL.
 * 0, or -EINVAL for anything else; then no messages are sent. */
int notify_open(struct notify *n, const char *name) MUST_CHECK;

/* Send one message: assignments separated by newlines.  0 or -errno. */
int notify_send(const struct notify *n, const char *text) MUST_CHECK;

/* Report changes of state; a failure is logged. */
void notify_ready(const struct notify *n);
void notify_reloading(const struct notify *n);

/* The server is shutting down; this may take up to this many seconds. */
void notify_stopping(const struct notify *n, int64_t seconds);

/* The master's loop is running. */
void notify_alive(const struct notify *n);

/* Store a copy of a descriptor in the manager, which passes it under this name
 * when it restarts the server.  True if it was sent. */
bool notify_store(const struct notify *n, int fd, const char *name);

/* Set the line shown by `systemctl status`. */
void notify_status(const struct notify *n, const char *format, ...)
	PRINTF_LIKE(2, 3);

#endif
