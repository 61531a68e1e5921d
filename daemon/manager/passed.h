/*
 * passed.h - listening sockets that the service manager passes to the server:
 * those of a socket unit, and those of an earlier run that the manager has
 * stored (sd_listen_fds(3), FileDescriptorStoreMax= in systemd.service(5)).
 */
#ifndef DAEMON_PASSED_H
#define DAEMON_PASSED_H

#include "common/address.h"
#include "common/base.h"
#include "common/settings/settings.h"

#define PASSED_MAX 32	/* further ones are closed */

/* The name of a stored socket; no [listener NAME] can have it. */
#define PASSED_STORED "listening socket"

struct passed_socket {
	int fd;			/* non-blocking, close-on-exec */
	bool stored;		/* stored by an earlier run of the server */
	char name[68];		/* FileDescriptorName= of its unit */
	struct address address;	/* its local address; empty: all addresses */
	uint16_t port;
};

struct passed {
	struct passed_socket list[PASSED_MAX];
	size_t count;
};

/*
 * Take the sockets described in the environment, and close all other
 * descriptors above 2.  Descriptor `reserved` is kept free.  Passed descriptors
 * that are not listening TCP sockets are closed, with a warning.
 */
void passed_take(struct passed *p, int reserved);

/*
 * Does this socket belong to listener `index` of these settings?  It belongs to
 * the listener of that name; else to the one with this address and port; else,
 * if the socket unit has no matching name, to the one without a name.
 */
bool passed_belongs(const struct passed_socket *socket,
	const struct settings *settings, size_t index);

/* Take one as an earlier program had it (state.h). */
void passed_add(struct passed *p, int fd, const char *name, int reserved);

void passed_close(struct passed *p);

#endif
