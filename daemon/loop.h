/*
 * loop.h - the master's event loop.
 *
 * A module registers a descriptor with a function that is called when the
 * descriptor is readable.  Descriptors can be registered and deregistered at
 * any time, also by such a function; after loop_unwatch() the function is not
 * called any more, even if the kernel has already reported an event.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include "common/base.h"

struct loop;

/* One registered descriptor.  The module that registers it owns this struct,
 * and must not move it while it is registered. */
struct watch {
	int fd;			/* -1: not registered */
	void (*ready)(void *context);
	void *context;
};

/* An empty loop; NULL with errno set. */
struct loop *loop_new(void) MUST_CHECK;
void loop_free(struct loop *l);

/* Call ready(context) whenever fd is readable or closed by its peer.  0; or
 * -errno, and *w is not registered. */
int loop_watch(struct loop *l, struct watch *w, int fd,
	void (*ready)(void *context), void *context) MUST_CHECK;

/* Deregister.  Call it before the descriptor is closed: if a child has it open
 * as well, closing it here does not stop the events.  Does nothing when *w is
 * not registered. */
void loop_unwatch(struct loop *l, struct watch *w);

/* Wait until the deadline (clock_ms) at most, and handle what is ready. */
void loop_wait(struct loop *l, int64_t deadline);

#endif
