/*
 * listener.h - the listening sockets.
 *
 * An empty address means all: one socket for IPv6 and IPv4, or IPv4 only if the
 * kernel has no IPv6.  Options that accepted sockets inherit are set here. All
 * sockets are non-blocking and close-on-exec; no worker has any of them.
 */
#ifndef DAEMON_LISTENER_H
#define DAEMON_LISTENER_H

#include "common/address.h"
#include "common/base.h"
#include "common/settings/settings.h"
#include "daemon/manager/notify.h"
#include "daemon/manager/passed.h"

struct listener {
	int fd;			/* -1: could not be opened again */
	struct address address;	/* its local address, may be empty */
	uint16_t port;
	int32_t index;		/* index in the settings */
	bool passed;		/* passed by a socket unit: never closed or
				 * stored */
	bool stored;		/* the service manager has a copy */
	int64_t keepalive, keepalive_interval, keepalive_probes;
};

struct listeners {
	struct listener list[SETTINGS_MAX_LISTENERS];
	size_t count;
	struct passed *passed;	/* or NULL */
};

#define LISTENER_TEXT_SIZE (ADDRESS_TEXT_SIZE + 16)

/* A listening socket for this address (may be empty) and port, or -errno. */
int listener_open(const struct address *address, uint16_t port) MUST_CHECK;

/*
 * Change *l to the listeners of the settings.  Sockets that are still needed
 * stay open; new ones are opened before old ones are closed.  0; or, if one
 * cannot be opened, -errno, logged, and *l is not changed.  (An address that
 * conflicts with an old socket can only be opened after that one was closed; on
 * failure, the old one is opened again.)  Before the first call *l must be
 * zeroed, or set by listener_inherit().
 *
 * A listener for which a socket unit has passed sockets uses these, whatever
 * their addresses, and opens none.
 */
int listener_change(struct listeners *l, const struct settings *settings)
	MUST_CHECK;

/* At the start: use the passed sockets.  *p must outlive *l. */
void listener_inherit(struct listeners *l, struct passed *p);

/* Store copies of the sockets in the service manager, so that no client is
 * refused during a restart. */
void listener_store(struct listeners *l, const struct notify *notify);

/* Close the sockets.  Copies in the service manager continue to listen. */
void listener_close_all(struct listeners *l);

/* Accept a client: its socket (blocking, close-on-exec) and both addresses,
 * normalised; or -errno, -EAGAIN when no client is waiting. */
int listener_accept(int fd, struct address *peer, struct address *local)
	MUST_CHECK;

/* The listener that accepts connections to this local address, or NULL. */
const struct listener *listener_of(const struct listeners *l,
	const struct address *local);

/* "[::1]:21", "192.0.2.1:21", "port 21" into text[LISTENER_TEXT_SIZE]. */
const char *listener_text(const struct listener *l, char *text);

#endif
