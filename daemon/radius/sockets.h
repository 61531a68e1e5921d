/*
 * sockets.h - requests for sockets to RADIUS servers, which the connector makes
 * (connector.h).  Nothing here waits.
 */
#ifndef DAEMON_RADIUS_SOCKETS_H
#define DAEMON_RADIUS_SOCKETS_H

#include "common/base.h"

#include <poll.h>

struct radius_sockets {
	int fd;			/* to the connector; -1 when it has ended */
	uint32_t last;		/* number of a request */
	struct radius_waiter *first, **end;	/* those without an answer, in
						 * their order */
	bool full;		/* some could not be sent yet */
};

/* Someone waits for a socket. */
struct radius_waiter {
	/* Take it; fd is -errno if there is none. */
	void (*take)(void *context, int fd, int64_t now);
	void *context;
	/* state */
	uint32_t number;	/* 0: it does not wait */
	uint32_t target;
	bool sent;
	struct radius_waiter *next;
};

/* `fd`: of radius_connector_start(). */
void radius_sockets_init(struct radius_sockets *s, int fd);

/* Ask for a socket to this target (connector.h); w->take() is called later,
 * unless it is cancelled. */
void radius_sockets_request(struct radius_sockets *s, struct radius_waiter *w,
	uint32_t target);
/* Does nothing if it does not wait. */
void radius_sockets_cancel(struct radius_sockets *s, struct radius_waiter *w);

/* What to wait for; then continue.  False when the connector has ended: no more
 * sockets will come. */
struct pollfd radius_sockets_watch(const struct radius_sockets *s);
bool radius_sockets_step(struct radius_sockets *s, int64_t now) MUST_CHECK;

#endif
