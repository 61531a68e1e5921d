/*
 * transfer.h - the three kinds of data transfer: a file to the client, a file
 * from the client, and text such as a listing.
 *
 * While bytes move the control connection and the monitor are watched, too
 * (rule R29), through `struct watch`, so that ABOR, STAT and NOOP are answered
 * at once and a lost client ends the transfer.  A transfer that makes progress
 * is never timed out.
 */
#ifndef WORKER_DATA_TRANSFER_H
#define WORKER_DATA_TRANSFER_H

#include "common/base.h"
#include "worker/data/copy_loop.h"

/*
 * `data` is the connected, non-blocking socket; it stays open, the caller
 * closes it.  `stall` is data_timeout in seconds, 0 for none.  result->bytes
 * grows while the transfer runs, so that STAT can report it.
 *
 * What is sent is complete when the client's kernel has acknowledged all of it
 * and the end of the stream.  When sending ends in another way than by ABOR,
 * the caller's close() resets the connection, so that no client believes that
 * a part is the whole.  What is received is complete when the client ended the
 * stream and at that moment neither ABOR nor the loss of the control
 * connection was there to be read (rule R16).
 */

/*
 * RETR: from `offset` of the open file to the client; `ascii` turns LF into
 * CR LF.  `size` is the file's size as it was announced: a file that has
 * become shorter than that ends with LOCAL_ERROR and ENODATA.  One that has
 * grown is sent to its end.
 */
void transfer_send_file(struct watch *watch, struct stream *data, int file,
	int64_t offset, int64_t size, bool ascii, int64_t stall,
	struct transfer_result *result);

/* RETR after RANG: the same as binary, but only up to `end`. */
void transfer_send_range(struct watch *watch, struct stream *data, int file,
	int64_t offset, int64_t end, int64_t stall,
	struct transfer_result *result);

/* STOR, STOU, APPE: to the open file at its current position until the
 * client ends the stream; `ascii` turns CR LF into LF.  At most `room` bytes
 * are stored: one more is TOO_LARGE. */
void transfer_receive_file(struct watch *watch, struct stream *data, int file,
	bool ascii, int64_t room, int64_t stall,
	struct transfer_result *result);

/*
 * LIST, NLST, MLSD: `fill` is asked for more text whenever there is room.
 * It appends to text[size], sets *len, and returns 1 while there is more,
 * 0 at the end, -errno when the source failed.
 */
typedef int transfer_fill(void *source, char *text, size_t size, size_t *len);
void transfer_send_text(struct watch *watch, struct stream *data,
	transfer_fill *fill, void *source, int64_t stall,
	struct transfer_result *result);

#endif
