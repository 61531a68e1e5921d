/*
 * watchers.h - descriptors that the recorder watches in addition to its events,
 * and the time of its next timer.
 *
 * Modules that own such descriptors add them before each wait, and check which
 * are ready after it.
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

/* Remove all descriptors and the timer. */
void watchers_clear(struct watchers *w);

/* Wait for this descriptor to be readable; a negative one is ignored. */
void watchers_add(struct watchers *w, int fd);

/* Wait at most until this time. */
void watchers_wake_at(struct watchers *w, int64_t at);

/* Wait. */
void watchers_wait(struct watchers *w);

/* Is this descriptor readable or closed? */
bool watchers_ready(const struct watchers *w, int fd);

#endif
