/*
 * watch.h - the control connection and the monitor, while something else is
 * waited for (rule R29): how a data connection or a transfer hears of ABOR,
 * of a lost client and of the server's end.
 */
#ifndef WORKER_DATA_WATCH_H
#define WORKER_DATA_WATCH_H

#include "common/base.h"

enum transfer_end {
	TRANSFER_RUNNING,	/* from watch->control: go on */
	TRANSFER_COMPLETE,
	TRANSFER_ABORTED,	/* ABOR */
	TRANSFER_STALLED,	/* data_timeout */
	TRANSFER_DATA_LOST,	/* the data connection broke: see error */
	TRANSFER_CONTROL_LOST,	/* the client is gone altogether */
	TRANSFER_STOPPED,	/* server shutdown, its grace is over */
	TRANSFER_LOCAL_ERROR,	/* the file failed: see error */
};

/*
 * What is watched beside the data connection, by transfers and by data_open().
 * The two callbacks are called when their descriptor is readable or hung up;
 * they return TRANSFER_RUNNING to go on or the end they want.  A callback may
 * set `control_paused` when a line waits that must not be read yet: the
 * control connection is then watched for its end only, and a client that
 * closes it, or just its own half, has left.
 */
struct watch {
	int control_fd;
	int monitor_fd;
	bool control_paused;
	enum transfer_end (*control)(void *context);
	enum transfer_end (*monitor)(void *context);
	void *context;
};

/*
 * Wait until fd has one of `events` (or an error), the deadline has come, or
 * one of the watched has something to say, which is heard at once.  A deadline
 * in the past means a look without waiting.  Returns TRANSFER_RUNNING, the end
 * that a callback wants, or TRANSFER_LOCAL_ERROR with errno when the kernel
 * cannot wait.
 */
enum transfer_end watch_wait(struct watch *w, int fd, short events,
	int64_t deadline) MUST_CHECK;

#endif
