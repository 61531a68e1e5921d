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
 * result->bytes is updated during the transfer, for STAT.
 *
 * A download is complete when the client's kernel has acknowledged all data and
 * the end of the stream.  If it fails otherwise than by ABOR, the connection is
 * reset (stream_reset()), so that the client does not mistake a part for
 * the whole file.  An upload is complete when the client has ended the stream,
 * and neither ABOR nor the loss of the control connection has arrived by then.
 */

/* What RETR sends. */
struct send {
	int file;
	int64_t offset;		/* where it begins */
	int64_t end;		/* of a range, which exists (RANG); 0: that of
				 * the file, even if it has grown */
	int64_t size;		/* the announced size of the file: if it has
				 * become shorter, the transfer ends with
				 * LOCAL_ERROR and ENODATA */
	bool ascii;		/* convert LF to CR LF; not with `end` */
	int64_t stall;		/* data_timeout in seconds, 0 for none */
};

/* RETR: send the open file, or the range of it. */
void send_file(struct watch *watch, struct stream *data,
	const struct send *what, struct transfer_result *result);

/*
 * LIST, NLST, MLSD: `fill` is called for more text when the buffer is empty.
 * It writes to text[size], sets *len, and returns 1 while there is more, 0 at
 * the end, or -errno.  1 with *len = 0 means that it has no text yet and must
 * be called again.  `stall` is as above.
 */
typedef int send_fill(void *source, char *text, size_t size, size_t *len);
void send_text(struct watch *watch, struct stream *data,
	send_fill *fill, void *source, int64_t stall,
	struct transfer_result *result);

#endif
