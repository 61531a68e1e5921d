/*
 * exchange.h - one request to the RADIUS servers, in their order, until one of
 * them has answered.
 *
 * Each request to each server has a socket of its own, with a random source
 * port that is connected to the server: the kernel drops what comes from
 * elsewhere, and an answer that is late or comes twice finds a closed socket.
 * The sockets come from the connector (connector.h).
 * Identifier and authenticator are random.  Requests to a server over TLS share
 * a connection (stream.h).  Nothing here waits.
 */
#ifndef DAEMON_RADIUS_EXCHANGE_H
#define DAEMON_RADIUS_EXCHANGE_H

#include "common/base.h"
#include "daemon/radius/packet.h"
#include "daemon/radius/servers.h"
#include "daemon/radius/sockets.h"
#include "daemon/radius/stream.h"

enum radius_progress {
	RADIUS_WAITING,
	RADIUS_ANSWERED,
	RADIUS_GIVEN_UP,	/* no server has answered: see `reason` */
};

struct radius_exchange {
	/* Write the request for this server after radius_packet_begin(); false
	 * if that is not possible. */
	bool (*write)(void *context, const struct radius_server *server,
		struct radius_packet *p);
	/* What has happened, if a stream or the connector reports it; the
	 * answer if the result is RADIUS_ANSWERED. */
	void (*handle)(void *context, enum radius_progress progress,
		const struct radius_packet *answer, int64_t now);
	void *context;
	enum radius_code code;	/* of the request */
	bool require_message_authenticator;
	struct radius_servers *servers;
	/* state */
	int fd;			/* -1: no request is on its way, or it waits for
				 * a socket, or is on a stream */
	struct radius_waiter waiter;
	struct radius_pending pending;
	uint8_t order[RADIUS_MAX_SERVERS];
	size_t at;		/* in it */
	int64_t tries;		/* of this server */
	int64_t deadline;	/* for its answer */
	unsigned invalid;	/* answers of this server */
	struct radius_packet request;
	char reason[512];	/* what each server did, for the log */
};

/* Send the request to the first server, or with `first` >= 0 to the one with
 * this index.  The fields before `state` must be set. */
enum radius_progress radius_exchange_begin(struct radius_exchange *e, int first,
	int64_t now) MUST_CHECK;

/* The socket is readable: *answer is the verified packet if the result is
 * RADIUS_ANSWERED.  Reads a bounded number of packets. */
enum radius_progress radius_exchange_receive(struct radius_exchange *e,
	struct radius_packet *answer, int64_t now) MUST_CHECK;

/* The deadline has passed: send again, or to the next server. */
enum radius_progress radius_exchange_overdue(struct radius_exchange *e,
	int64_t now) MUST_CHECK;

/* The index of the server that was asked last. */
int radius_exchange_server(const struct radius_exchange *e);

/* Cancel the request, and wipe it. */
void radius_exchange_end(struct radius_exchange *e);

#endif
