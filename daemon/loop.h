/*
 * loop.h - the master's event loop.
 *
 * A room registers a descriptor with a function that is called when the
 * descriptor can be read.  It may register and deregister any descriptor at
 * any time, also from such a function: what was deregistered is not called
 * any more, even if the kernel had reported it already.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include "common/base.h"

struct loop;

/* One registered descriptor.  The room that registers it owns this struct,
 * and keeps it where it is until it has deregistered it. */
struct watch {
	int fd;			/* -1: not registered */
	void (*ready)(void *context);
	void *context;
};

/* An empty loop; NULL with errno set. */
struct loop *loop_new(void) MUST_CHECK;
void loop_free(struct loop *l);

/* Call ready(context) whenever fd can be read or its peer has closed it.  0 or
 * -errno; *w is not registered then. */
int loop_watch(struct loop *l, struct watch *w, int fd,
	void (*ready)(void *context), void *context) MUST_CHECK;

/* Deregister, before the descriptor is closed: a child may hold it open, and
 * then closing it here would not end the reports.  Does nothing when *w is not
 * registered. */
void loop_unwatch(struct loop *l, struct watch *w);

/* Wait until the deadline (clock_ms) at most, and handle what is ready. */
void loop_wait(struct loop *l, int64_t deadline);

#endif
