/*
 * followers.h - live events for followers: `sureftpctl events`.
 *
 * The master sends the recorder their socket, attached to a `struct
 * follow_request` on the service socket.  Each event that matches the request
 * is sent as one datagram, a line without its line feed.  A follower that reads
 * too slowly loses events, and is sent their number.
 */
#ifndef DAEMON_RECORDER_FOLLOWERS_H
#define DAEMON_RECORDER_FOLLOWERS_H

#include "common/base.h"
#include "daemon/recorder/event_fields.h"
#include "daemon/recorder/watchers.h"

#define FOLLOWERS 8
#define FOLLOW_QUEUE (1 << 20)	/* bytes of events that one has not read */

/* Empty texts and session 0 match everything. */
struct follow_request {
	uint64_t magic;		/* FOLLOW_MAGIC */
	uint64_t session;
	int32_t json;		/* false: lines of the text log */
	int32_t level;		/* for the text log: enum log_level */
	char events[512];	/* a list of labels */
	char user[EVENT_USER_MAX];
	char peer[ADDRESS_TEXT_SIZE];
};

#define FOLLOW_MAGIC UINT64_C(0x73756674666f6c6c)

struct follower {
	int fd;			/* -1: unused */
	uint64_t missed;
	struct follow_request request;
};

struct followers {
	size_t count;
	struct follower list[FOLLOWERS];
	char *line;		/* room for a line, LOG_JSON_MAX */
};

/* `line` is a buffer of LOG_JSON_MAX bytes, which may be shared. */
void followers_init(struct followers *f, char *line);
void followers_close(struct followers *f);

/* Add a follower if this is a request.  If true, takes ownership of fd. */
bool followers_add(struct followers *f, const void *request, size_t len,
	int fd);

void followers_send(struct followers *f, const struct event *e,
	const struct event_fields *fields);

/* See watchers.h; closed followers are removed. */
void followers_watch(const struct followers *f, struct watchers *w);
void followers_serve(struct followers *f, const struct watchers *w);

#endif
