/*
 * ascii_size.h - how many bytes a file has in TYPE A, while the control
 * connection and the monitor are watched.
 */
#ifndef WORKER_DATA_ASCII_SIZE_H
#define WORKER_DATA_ASCII_SIZE_H

#include "common/base.h"
#include "worker/data/watch.h"

/* Reads the open file from its beginning to its end.  TRANSFER_COMPLETE, what
 * the watch has found, or TRANSFER_LOCAL_ERROR with *error. */
enum transfer_end ascii_size(struct watch *w, int fd, int64_t *size,
	int *error) MUST_CHECK;

#endif
