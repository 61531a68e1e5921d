/*
 * stream.h - a connection to one RADIUS server over TLS (RFC 6614), for all
 * requests to it.
 *
 * It is opened when a request needs it, and again after it has ended.  An
 * identifier of 8 bits says which request an answer is for, so at most 256 wait
 * for theirs, and others wait for an identifier.  Nothing is sent twice on a
 * connection; when it ends, what has no answer is sent once more on a new one.
 * A request bounds all waiting: see radius_stream_overdue().  Nothing here
 * waits.
 */
#ifndef DAEMON_RADIUS_STREAM_H
#define DAEMON_RADIUS_STREAM_H

#include "common/base.h"
#include "daemon/radius/queue.h"
#include "daemon/radius/sockets.h"

struct radius_stream;
struct tls_client;

struct radius_stream_place {
	const char *what;	/* "RADIUS server", for the log */
	const char *name;	/* for the log */
	const char *host;	/* what its certificate must be for */
	struct radius_sockets *sockets;
	uint32_t target;	/* of a socket to it */
};

/* The texts are not copied.  NULL when out of memory. */
struct radius_stream *radius_stream_new(const struct tls_client *client,
	const struct radius_stream_place *to);

/* Send this request when it is possible.  Later p->take() or p->lose() is
 * called, unless it is removed, which p->take() must do if the answer is
 * valid. */
void radius_stream_add(struct radius_stream *s, struct radius_pending *p,
	int64_t now);
void radius_stream_remove(struct radius_stream *s, struct radius_pending *p);

/* The time for this request has passed: remove it.  If nothing has come from
 * the server since it was added, the connection is given up.  Returns why there
 * was no answer, for the log. */
const char *radius_stream_overdue(struct radius_stream *s,
	struct radius_pending *p, int64_t now);

/* What to wait for, and when to call radius_stream_step() in any case. */
struct pollfd radius_stream_watch(const struct radius_stream *s);
int64_t radius_stream_due(const struct radius_stream *s);

/* Continue after poll(); handles a bounded number of answers. */
void radius_stream_step(struct radius_stream *s, const struct pollfd *fd,
	int64_t now);

/* Send close_notify and close the connection; no request is on its way. */
void radius_stream_end(struct radius_stream *s);

#endif
