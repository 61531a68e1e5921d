/*
 * watch.h - the control connection and the monitor, while something else is
 * waited for (rule R29): how a data connection or a transfer notices ABOR, a
 * lost client and the server's shutdown.
 */
#ifndef WORKER_DATA_WATCH_H
#define WORKER_DATA_WATCH_H

#include "common/base.h"

#include <poll.h>

enum transfer_end {
	TRANSFER_RUNNING,	/* from the watch: go on */
	TRANSFER_COMPLETE,
	TRANSFER_ABORTED,	/* ABOR */
	TRANSFER_STALLED,	/* data_timeout */
	TRANSFER_DATA_LOST,	/* the data connection broke: see error */
	TRANSFER_CONTROL_LOST,	/* the control connection is lost */
	TRANSFER_STOPPED,	/* server shutdown, its grace is over */
	TRANSFER_LOCAL_ERROR,	/* the file failed: see error */
	TRANSFER_TOO_LARGE,	/* more than max_upload_size allows */
};

/*
 * What is watched beside the data connection.  The two functions are called
 * when their descriptor has something to report; they return TRANSFER_RUNNING
 * to go on or the end they want.  `control` may change control_events: POLLIN
 * as long as lines can be handled, POLLRDHUP while one waits that must not be
 * handled yet, 0 when the client has ended its half after its last command and
 * only a reset counts, which is the end without a call.  It can also be called
 * to handle only what was read before (readable false).
 */
struct watch {
	int control_fd;
	int monitor_fd;
	short control_events;
	enum transfer_end (*control)(void *context, bool readable);
	enum transfer_end (*monitor)(void *context);
	void *context;
};

/*
 * Wait until fd (or -1) has one of `events` (or an error), the deadline has
 * come, or one of the watched has something to report, which is handled at
 * once.  With a deadline in the past it does not wait.  Returns
 * TRANSFER_RUNNING, the end that was found, or TRANSFER_LOCAL_ERROR with errno
 * when the kernel cannot wait.
 */
enum transfer_end watch_wait(struct watch *w, int fd, short events,
	int64_t deadline) MUST_CHECK;

#endif
