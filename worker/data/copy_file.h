/*
 * copy_file.h - copies the content of a file (SITE COPY), while watching the
 * control connection and the monitor.
 */
#ifndef WORKER_DATA_COPY_FILE_H
#define WORKER_DATA_COPY_FILE_H

#include "common/base.h"
#include "worker/data/watch.h"

/*
 * Copy all of `from` to the empty file `to`: by sharing blocks or in the kernel
 * if supported, else by reading and writing.  Sets result->end to
 * TRANSFER_COMPLETE; TRANSFER_TOO_LARGE for more than `room` bytes; the end
 * reported by the watch; or TRANSFER_LOCAL_ERROR with result->error.
 * result->bytes is the number of bytes in `to`.
 */
void copy_file(struct watch *w, int from, int to, int64_t room,
	struct transfer_result *result);

#endif
