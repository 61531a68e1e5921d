/*
 * hash_file.h - the hash of a file, or of a part of it, while the control
 * connection and the monitor are watched.
 */
#ifndef WORKER_DATA_HASH_FILE_H
#define WORKER_DATA_HASH_FILE_H

#include "common/base.h"
#include "worker/data/hash.h"
#include "worker/data/watch.h"

struct hash_part {
	int64_t begin, end;
	char hex[TLS_HASH_HEX_SIZE];	/* the result */
	int error;			/* errno */
};

/*
 * Hash the bytes from part->begin up to, not including, part->end, or to the
 * end of the file, which is then in part->end.  TRANSFER_COMPLETE; the end
 * reported by the watch; or TRANSFER_LOCAL_ERROR with part->error: EOPNOTSUPP
 * when OpenSSL does not offer the hash.
 */
enum transfer_end hash_file(struct watch *w, int fd, enum hash_kind kind,
	struct hash_part *part) MUST_CHECK;

#endif
