/*
 * datagram.h - events as they are read from a socket.
 */
#ifndef DAEMON_RECORDER_DATAGRAM_H
#define DAEMON_RECORDER_DATAGRAM_H

#include "common/base.h"
#include "common/log/event.h"

#define DATAGRAM_SIZE  (EVENT_PACKED_MAX + 1)	/* so that one that is too
						 * long is noticed */
#define DATAGRAM_BATCH 16			/* read at a time */

struct source;

struct datagram {
	struct event event;	/* once it is unpacked */
	struct source *source;	/* whose socket; NULL: the service socket */
	pid_t pid;		/* of the sender, from the kernel */
	uid_t uid;
	size_t len;
	int64_t order;		/* see datagram_sort() */
	char *data;
};

/* `count` of them, each with DATAGRAM_SIZE bytes of data, in one piece of
 * memory for free(); NULL when there is none. */
struct datagram *datagram_new(size_t count);

/* A copy with data of `len` bytes, for free(); or NULL. */
struct datagram *datagram_copy(const struct datagram *d);

/* Read at most DATAGRAM_BATCH events from an attached socket.  How many were
 * read; *ended: its process has closed it. */
size_t datagram_read(int fd, struct datagram *list, bool *ended);

/* Set `order`: its place in a round is its time, but not before an earlier
 * event from the same socket, whose newest is *newest. */
void datagram_order(struct datagram *d, int64_t *newest);

/* Sort pointers by `order`; equal ones keep their order. */
void datagram_sort(struct datagram **list, size_t count);

#endif
