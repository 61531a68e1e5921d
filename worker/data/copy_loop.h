/*
 * copy_loop.h - the loop that every data transfer runs on.
 *
 * A transfer is a step function that moves what can be moved without waiting.
 * The loop calls it, waits in between, polls the control connection and the
 * monitor, checks the clock, and decides when a transfer has ended and how.
 * Used by transfer.c only.
 */
#ifndef WORKER_DATA_COPY_LOOP_H
#define WORKER_DATA_COPY_LOOP_H

#include "common/base.h"
#include "worker/data/watch.h"
#include "worker/stream.h"

struct transfer_result {
	enum transfer_end end;
	int error;		/* errno for DATA_LOST and LOCAL_ERROR */
	int64_t bytes;		/* bytes of the file that moved (not the
				 * wire's, where ASCII makes a difference) */
	int64_t duration_ms;
};

enum copy_step {
	COPY_AGAIN,		/* something moved: there may be more at once */
	COPY_WAIT,		/* nothing to do until the socket is ready */
	COPY_SENT,		/* all is written: wait until it arrives */
	COPY_RECEIVED,		/* all is stored, if the client agrees */
	COPY_DONE,
	COPY_FAILED,		/* copy_loop_fail_*() said how */
};

struct copy_loop {
	struct watch *watch;
	struct stream *data;
	short events;		/* what COPY_WAIT waits for: POLLIN, POLLOUT */
	enum copy_step (*step)(struct copy_loop *c);
	void *context;		/* the step function's own */
	struct transfer_result *result;
	/* private to copy_loop.c */
	int64_t stall;
	int64_t deadline;	/* when the transfer has stalled */
	int64_t next_poll;	/* when the watch must be polled */
	int64_t retry;		/* draining: ms until the socket is asked */
	uint64_t acknowledged;	/* draining: the kernel's count so far */
	uint64_t content_end;	/* of it, when all but the end has come */
	bool unsent;		/* draining: some was not sent yet */
	bool left;		/* the client had ended its half before */
};

/* Step until the transfer has ended; fills in c->result.  `stall` is the time
 * it may stand still, in seconds; 0 for none. */
void copy_loop_run(struct copy_loop *c, int64_t stall);

/* For step functions: n bytes of the file moved; the stall timer restarts. */
void copy_loop_moved(struct copy_loop *c, size_t n);

/* For step functions: a call on the stream gave this -errno; -EAGAIN waits. */
enum copy_step copy_loop_fail_stream(struct copy_loop *c, int error);

/* For step functions: the file, or memory, failed with this errno. */
enum copy_step copy_loop_fail_local(struct copy_loop *c, int error);

#endif
