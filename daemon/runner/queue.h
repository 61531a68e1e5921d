/*
 * queue.h - requests that wait for their turn.
 */
#ifndef DAEMON_RUNNER_QUEUE_H
#define DAEMON_RUNNER_QUEUE_H

#include "common/base.h"
#include "common/process/runner_request.h"

#include <sys/queue.h>

/* A request that was checked: its texts are terminated. */
struct queued {
	STAILQ_ENTRY(queued) next;
	struct runner_request head;
	int verdict;		/* for an upload: the socket that has the file,
				 * and to which the verdict goes; -1 */
	size_t len;		/* of data[] */
	const char *command;	/* the program */
	const char *path;	/* that the event is about, or "" */
	char data[];		/* the datagram, and a NUL */
};

STAILQ_HEAD(queue_list, queued);

struct queue {
	struct queue_list list;
	size_t count;
};

void queue_init(struct queue *q);

/* From a datagram; NULL when it is malformed, or out of memory.  The
 * descriptor stays the caller's then. */
struct queued *queued_new(const struct server_settings *settings,
	const void *data, size_t len, int verdict);
void queued_free(struct queued *request);

void queue_add(struct queue *q, struct queued *request);

/* How many of this session's wait. */
size_t queue_count_of(const struct queue *q, uint64_t session);

/* Is there no place for another one of this session?  Each session leaves as
 * many free as it has, so that none can fill the queue for the others. */
bool queue_is_full(const struct queue *q, size_t max, uint64_t session);

/* The oldest of a session that is served less than the others, or NULL: a
 * session that has many does not hold up the others.  running[n] are the
 * sessions whose commands run. */
struct queued *queue_take(struct queue *q, const uint64_t *running, size_t n);

#endif
