/*
 * copy_loop.h - the loop of a data transfer.
 *
 * A transfer is a step function that transfers as much as possible without
 * blocking.  The loop calls it, waits between calls, polls the control
 * connection and the monitor, checks timeouts, and determines when and how the
 * transfer has ended.  For send.c and receive.c only.
 */
#ifndef WORKER_DATA_COPY_LOOP_H
#define WORKER_DATA_COPY_LOOP_H

#include "common/base.h"
#include "worker/data/watch.h"
#include "worker/stream.h"

enum copy_step {
	COPY_AGAIN,		/* progress: there may be more without
				 * waiting */
	COPY_WAIT,		/* wait until the socket is ready */
	COPY_SENT,		/* all is written: wait for the
				 * acknowledgement */
	COPY_RECEIVED,		/* all is stored, unless the client aborts */
	COPY_DONE,
	COPY_FAILED,		/* failed: the result is set */
};

struct copy_loop {
	struct watch *watch;
	struct stream *data;
	short events;		/* events for COPY_WAIT: POLLIN, POLLOUT */
	enum copy_step (*step)(struct copy_loop *c);
	void *context;		/* for the step function */
	struct transfer_result *result;
	/* private to copy_loop.c */
	int64_t stall;
	int64_t deadline;	/* when the transfer has stalled */
	int64_t next_poll;	/* when the watch must be polled */
	bool idle;		/* the watch was notified */
	int64_t retry;		/* draining: ms until the next query */
	uint64_t acknowledged;	/* draining: the kernel's count so far */
	uint64_t content_end;	/* draining: its value when everything except
				 * the end has been acknowledged */
	bool left;		/* draining: the client had ended its half
				 * before */
};

/* Run until the transfer has ended; fills in c->result.  `stall` is the maximum
 * time without progress, in seconds; 0 for no limit. */
void copy_loop_run(struct copy_loop *c, int64_t stall);

/* For step functions: n bytes of the file were transferred; restarts the stall
 * timer. */
void copy_loop_moved(struct copy_loop *c, size_t n);

/* For step functions: a call on the stream returned this -errno: wait for its
 * events after -EAGAIN, else end the transfer. */
enum copy_step copy_loop_wait_or_fail(struct copy_loop *c, int error);

/* For step functions: the file, or memory, failed with this errno. */
enum copy_step copy_loop_fail_local(struct copy_loop *c, int error);

/* Set the result of a transfer that fails with this errno before the loop. */
void copy_loop_fail_before(struct transfer_result *result, int error);

#endif
