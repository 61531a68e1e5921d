/*
 * hash_file.h - the hash of a file, or of a part of it, while the control
 * connection and the monitor are watched.
 */
#ifndef WORKER_DATA_HASH_FILE_H
#define WORKER_DATA_HASH_FILE_H

#include "common/base.h"
#include "worker/data/hash.h"
#include "worker/data/watch.h"

/*
 * Hash the bytes from `begin` up to, not including, *end, or to the end of the
 * file, which is then in *end, into hex[TLS_HASH_HEX_SIZE].  TRANSFER_COMPLETE;
 * the end reported by the watch; or TRANSFER_LOCAL_ERROR with *error:
 * EOPNOTSUPP when OpenSSL does not offer the hash.
 */
enum transfer_end hash_file(struct watch *w, int fd, enum hash_kind kind,
	int64_t begin, int64_t *end, char *hex, int *error) MUST_CHECK;

#endif
