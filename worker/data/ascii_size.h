/*
 * ascii_size.h - computes the size of a file in TYPE A, while watching the
 * control connection and the monitor.
 */
#ifndef WORKER_DATA_ASCII_SIZE_H
#define WORKER_DATA_ASCII_SIZE_H

#include "common/base.h"
#include "worker/data/watch.h"

/* Read the open file from its beginning to its end.  TRANSFER_COMPLETE; the end
 * reported by the watch; or TRANSFER_LOCAL_ERROR with *error. */
enum transfer_end ascii_size(struct watch *w, int fd, int64_t *size,
	int *error) MUST_CHECK;

#endif
