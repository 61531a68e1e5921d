/*
 * watchers.h - descriptors that the recorder watches beside its events, and
 * when it has to act without any.
 *
 * Rooms that own such descriptors add them before each wait, and look at what
 * is ready after it.
 */
#ifndef DAEMON_RECORDER_WATCHERS_H
#define DAEMON_RECORDER_WATCHERS_H

#include "common/base.h"

#include <poll.h>

#define WATCHERS_MAX 64

struct watchers {
	size_t count;
	struct pollfd list[WATCHERS_MAX];
	int64_t due;	/* CLOCK_NEVER */
};

/* None, and nothing due. */
void watchers_clear(struct watchers *w);

/* Wait for this descriptor to be readable; a negative one is left out. */
void watchers_add(struct watchers *w, int fd);

/* Do not wait longer than until then. */
void watchers_wake_at(struct watchers *w, int64_t at);

/* Wait. */
void watchers_wait(struct watchers *w);

/* Is there something to read, or an end, at this descriptor? */
bool watchers_ready(const struct watchers *w, int fd);

#endif
