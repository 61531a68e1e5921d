/*
 * transfer.h - the one copy loop: files and listings over a data connection.
 *
 * While bytes move the loop also watches the control connection and the
 * monitor (rule R29), through `struct watch`, so that ABOR, STAT, NOOP and
 * QUIT are answered at once and a lost partner ends the transfer.  A transfer
 * that makes progress is never timed out.
 */
#ifndef WORKER_TRANSFER_H
#define WORKER_TRANSFER_H

#include "common/base.h"

enum transfer_end {
	TRANSFER_RUNNING,	/* from watch->control: go on */
	TRANSFER_COMPLETE,
	TRANSFER_ABORTED,	/* ABOR */
	TRANSFER_STALLED,	/* data_timeout */
	TRANSFER_DATA_LOST,	/* the data connection broke: see error */
	TRANSFER_CONTROL_LOST,	/* the client is gone altogether */
	TRANSFER_STOPPED,	/* server shutdown, its grace is over */
	TRANSFER_LOCAL_ERROR,	/* reading or writing the file failed: see error */
};

/*
 * What is watched beside the data connection, by transfers and by data_open().
 * The two callbacks are called when their descriptor is readable or hung up;
 * they return TRANSFER_RUNNING to go on or the end they want.  A callback may
 * set `control_paused` when a line waits that must not be read yet: the
 * control connection is then watched for hang-up only.
 */
struct watch {
	int control_fd;
	int monitor_fd;
	bool control_paused;
	enum transfer_end (*control)(void *context);
	enum transfer_end (*monitor)(void *context);
	void *context;
};

struct transfer_result {
	enum transfer_end end;
	int error;		/* errno for DATA_LOST and LOCAL_ERROR */
	int64_t bytes;		/* bytes of the file that moved (not the
				 * wire's, where ASCII makes a difference) */
	int64_t duration_ms;
};

/*
 * The three transfers.  `data` is the connected, non-blocking socket; it stays
 * open (the caller closes it, so that the end of file is seen by the client
 * only after the result is known).  `stall` is data_timeout in seconds, 0 for
 * none.  `bytes` of a running transfer can be read through *progress by the
 * watch callbacks (for STAT); progress == result->bytes.
 */

/* RETR: from `offset` of the open file to the client; `ascii` turns LF into
 * CR LF. */
void transfer_send_file(struct watch *watch, int data, int file,
	int64_t offset, bool ascii, int64_t stall, struct transfer_result *result);

/* STOR, STOU, APPE: to the open file at its current position until the
 * client ends the stream; `ascii` turns CR LF into LF. */
void transfer_receive_file(struct watch *watch, int data, int file,
	bool ascii, int64_t stall, struct transfer_result *result);

/*
 * LIST, NLST, MLSD: `fill` is asked for more text whenever there is room.
 * It appends to text[size], sets *len, and returns 1 while there is more,
 * 0 at the end, -errno when the source failed.
 */
typedef int transfer_fill(void *source, char *text, size_t size, size_t *len);
void transfer_send_text(struct watch *watch, int data, transfer_fill *fill,
	void *source, int64_t stall, struct transfer_result *result);

#endif
