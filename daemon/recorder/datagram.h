/*
 * datagram.h - reads events from a socket.
 */
#ifndef DAEMON_RECORDER_DATAGRAM_H
#define DAEMON_RECORDER_DATAGRAM_H

#include "common/base.h"
#include "common/log/event.h"

#define DATAGRAM_SIZE  (EVENT_PACKED_MAX + 1)	/* one byte more, to detect one
						 * that is too long */
#define DATAGRAM_BATCH 16			/* read per call */

struct source;

struct datagram {
	struct event event;	/* filled in when it is unpacked */
	struct source *source;	/* the source; NULL: the service socket */
	pid_t pid;		/* of the sender, from the kernel */
	uid_t uid;
	size_t len;
	int64_t order;		/* see datagram_sort() */
	char *data;
};

/* Allocate `count` datagrams, each with DATAGRAM_SIZE bytes of data, in one
 * block for free(); NULL when out of memory. */
struct datagram *datagram_new(size_t count);

/* A copy with `len` bytes of data, for free(); or NULL. */
struct datagram *datagram_copy(const struct datagram *d);

/* Read at most DATAGRAM_BATCH events from an attached socket.  Returns their
 * number; *ended: the process has closed it. */
size_t datagram_read(int fd, struct datagram *list, bool *ended);

/* Set `order`, the sort key in a round: the event's time, but not less than
 * *newest, which is the highest key so far of events from the same socket. */
void datagram_order(struct datagram *d, int64_t *newest);

/* Sort pointers by `order`; the sort is stable. */
void datagram_sort(struct datagram **list, size_t count);

#endif
