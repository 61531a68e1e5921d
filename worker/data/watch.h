/*
 * watch.h - watches the control connection and the monitor during a transfer or
 * while waiting for its connection, to detect ABOR, a lost client and the
 * server's shutdown.
 */
#ifndef WORKER_DATA_WATCH_H
#define WORKER_DATA_WATCH_H

#include "common/base.h"

#include <poll.h>

enum transfer_end {
	TRANSFER_RUNNING,	/* from the watch: continue */
	TRANSFER_COMPLETE,
	TRANSFER_ABORTED,	/* ABOR */
	TRANSFER_STALLED,	/* data_timeout */
	TRANSFER_DATA_LOST,	/* the data connection failed: see error */
	TRANSFER_CONTROL_LOST,	/* the control connection was lost */
	TRANSFER_STOPPED,	/* the server ends the session */
	TRANSFER_LOCAL_ERROR,	/* the file failed: see error */
	TRANSFER_TOO_LARGE,	/* larger than max_upload_size */
};

struct transfer_result {
	enum transfer_end end;
	int error;		/* errno for DATA_LOST and LOCAL_ERROR */
	int64_t bytes;		/* bytes of the file that were transferred (with
				 * ASCII, the network bytes differ) */
	int64_t duration_ms;
};

/*
 * What is watched in addition to the data connection.  The two functions are
 * called when their descriptor has an event; they return TRANSFER_RUNNING to
 * continue, or how the transfer must end.  `control` may change control_events:
 * POLLIN while lines can be handled; POLLRDHUP while a line must wait; 0 after
 * the client has ended its half after its last command, when only a reset
 * matters, which ends the transfer without a call.  It can also be called to
 * handle only lines that were read before (readable false).
 *
 * `idle`, which may be NULL, is called once when nothing has happened for a
 * second.
 */
struct watch {
	int control_fd;
	int monitor_fd;
	short control_events;
	enum transfer_end (*control)(void *context, bool readable);
	enum transfer_end (*monitor)(void *context);
	void (*idle)(void *context);
	void *context;
};

/*
 * Wait until fd (or -1) has one of `events` (or an error), the deadline has
 * passed, or a watched descriptor has an event, which is handled at once. With
 * a deadline in the past it does not wait.  Returns TRANSFER_RUNNING, how the
 * transfer must end, or TRANSFER_LOCAL_ERROR with errno if poll() failed.
 */
enum transfer_end watch_wait(struct watch *w, int fd, short events,
	int64_t deadline) MUST_CHECK;

#endif
