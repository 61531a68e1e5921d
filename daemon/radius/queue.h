/*
 * queue.h - the requests on a connection (stream.h): those that are not sent
 * yet, and those that wait for an answer, by their identifiers.
 */
#ifndef DAEMON_RADIUS_QUEUE_H
#define DAEMON_RADIUS_QUEUE_H

#include "common/base.h"
#include "daemon/radius/packet.h"

#define RADIUS_IDENTIFIERS 256

struct radius_stream;

/* The fields before `state` must be set, the others zero. */
struct radius_pending {
	/* Write it with this identifier: 0 or -errno. */
	int (*write)(void *context, uint8_t identifier);
	/* Take an answer; false if it is not valid. */
	bool (*take)(void *context, const struct radius_packet *answer,
		int64_t now);
	/* It was removed, for this reason. */
	void (*lose)(void *context, const char *why, int64_t now);
	void *context;
	const struct radius_packet *request;
	/* state */
	struct radius_stream *stream;	/* NULL: not on one */
	struct radius_pending *next;
	int tries;		/* on how many connections it was sent */
	int64_t began;		/* when it was sent, or added */
};

struct radius_queue {
	struct radius_pending *first, **last;	/* not sent yet */
	struct radius_pending *sent[RADIUS_IDENTIFIERS];	/* NULL: free */
	uint8_t next;		/* identifier to try */
	bool fresh;		/* perhaps something can be sent now */
};

void radius_queue_init(struct radius_queue *q);
void radius_queue_add(struct radius_queue *q, struct radius_pending *p);
void radius_queue_remove(struct radius_queue *q, struct radius_pending *p);

/* Write the first one with a free identifier, which becomes one that was sent.
 * NULL if there is none.  Those that cannot be written are lost. */
struct radius_pending *radius_queue_send(struct radius_queue *q, int64_t now);

/* The connection has ended: those that were sent are sent again, before the
 * others, or lost for this reason if they were sent twice already. */
void radius_queue_put_back(struct radius_queue *q, const char *why,
	int64_t now);

/* Lose all. */
void radius_queue_lose(struct radius_queue *q, const char *why, int64_t now);

#endif
