/*
 * copy_file.h - a file's content into another (SITE COPY), while the control
 * connection and the monitor are watched.
 */
#ifndef WORKER_DATA_COPY_FILE_H
#define WORKER_DATA_COPY_FILE_H

#include "common/base.h"
#include "worker/data/watch.h"

/*
 * All of `from`, from its beginning, to the empty file `to`: sharing its blocks
 * where the file system can, in the kernel where that can, else by reading and
 * writing.  TRANSFER_COMPLETE, TRANSFER_TOO_LARGE for more than `room`
 * bytes, what the watch has found, or TRANSFER_LOCAL_ERROR with *error;
 * *copied bytes are in `to` by then.
 */
enum transfer_end copy_file(struct watch *w, int from, int to, int64_t room,
	int64_t *copied, int *error) MUST_CHECK;

#endif
