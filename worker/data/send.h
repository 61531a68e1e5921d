/*
 * send.h - data transfers to the client: a file, or text such as a listing.
 * Those from the client are in receive.h.
 *
 * During a transfer the control connection and the monitor are watched as well,
 * through `struct watch`, so that ABOR, STAT and NOOP are answered at once and
 * a lost client ends the transfer.  A transfer that makes progress never times
 * out.
 */
#ifndef WORKER_DATA_SEND_H
#define WORKER_DATA_SEND_H

#include "common/base.h"
#include "worker/data/copy_loop.h"

/*
 * `data` is the connected, non-blocking socket, which the caller closes.
 * `stall` is data_timeout in seconds, 0 for no limit.  result->bytes is updated
 * during the transfer, for STAT.
 *
 * A download is complete when the client's kernel has acknowledged all data and
 * the end of the stream.  If it fails otherwise than by ABOR, the connection is
 * reset (stream_reset()), so that the client does not mistake a part for
 * the whole file.  An upload is complete when the client has ended the stream,
 * and neither ABOR nor the loss of the control connection has arrived by then.
 */

/*
 * RETR: send the open file from `offset`; `ascii` converts LF to CR LF. `size`
 * is the announced size: if the file has become shorter, the transfer ends with
 * LOCAL_ERROR and ENODATA.  A file that has grown is sent to its end.
 */
void send_file(struct watch *watch, struct stream *data, int file,
	int64_t offset, int64_t size, bool ascii, int64_t stall,
	struct transfer_result *result);

/* RETR after RANG: the same as binary, but only up to `end`. */
void send_range(struct watch *watch, struct stream *data, int file,
	int64_t offset, int64_t end, int64_t stall,
	struct transfer_result *result);

/*
 * LIST, NLST, MLSD: `fill` is called for more text when the buffer is empty.
 * It writes to text[size], sets *len, and returns 1 while there is more, 0 at
 * the end, or -errno.  1 with *len = 0 means that it has no text yet and must
 * be called again.
 */
typedef int send_fill(void *source, char *text, size_t size, size_t *len);
void send_text(struct watch *watch, struct stream *data,
	send_fill *fill, void *source, int64_t stall,
	struct transfer_result *result);

#endif
