/*
 * missed.h - sockets that the recorder could not receive, because no descriptor
 * was free.
 *
 * Their senders keep the other ends, with all events in them, and attach them
 * again to the next recorder.  So the recorder exits once descriptors are free,
 * and is replaced.
 */
#ifndef DAEMON_RECORDER_MISSED_H
#define DAEMON_RECORDER_MISSED_H

#include "common/base.h"

struct missed {
	int64_t retry_at;	/* CLOCK_NEVER while none was missed */
};

void missed_init(struct missed *m);

/* A socket was missed; logged if it is the first. */
void missed_add(struct missed *m, int error, int64_t now);

/* Must the recorder end now?  Looks for free descriptors once a second. */
bool missed_ends(struct missed *m, int64_t now);

#endif
