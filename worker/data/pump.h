/*
 * pump.h - the copy loop that every transfer runs on.
 *
 * A transfer is a step function that moves what can be moved without waiting.
 * The pump calls it, waits in between, watches the partners and the clock, and
 * knows when a transfer has ended and how.  Used by transfer.c only.
 */
#ifndef WORKER_DATA_PUMP_H
#define WORKER_DATA_PUMP_H

#include "common/base.h"
#include "worker/data/transfer.h"

enum pump_step {
	PUMP_AGAIN,		/* something moved: there may be more at once */
	PUMP_WAIT,		/* nothing to do before the socket is ready */
	PUMP_SENT,		/* all is written: see that it arrives */
	PUMP_RECEIVED,		/* all is stored, if the client agrees */
	PUMP_DONE,
	PUMP_FAILED,		/* pump_fail_*() said how */
};

struct pump {
	struct watch *watch;
	struct stream *data;
	short events;		/* what PUMP_WAIT waits for: POLLIN, POLLOUT */
	enum pump_step (*step)(struct pump *p);
	void *context;		/* the step function's own */
	struct transfer_result *result;
	/* private to pump.c */
	int64_t stall;
	int64_t deadline;	/* when the transfer has stalled */
	int64_t look_at;	/* when the watch must be looked at */
	int64_t retry;		/* settling: ms until the next look */
	uint64_t acknowledged;	/* settling: the kernel's count so far */
	uint64_t content_end;	/* of it, when all but the end has come */
	bool unsent;		/* settling: some had not even left */
};

/* Step until the transfer has ended; fills in p->result. */
void pump_run(struct pump *p, int64_t stall);

/* For step functions: n bytes of the file moved; the stall timer restarts. */
void pump_moved(struct pump *p, size_t n);

/* For step functions: a call on the stream gave this -errno; -EAGAIN waits. */
enum pump_step pump_stream_failed(struct pump *p, int error);

/* For step functions: the stream or the file refused with this errno. */
enum pump_step pump_fail_local(struct pump *p, int error);

#endif
