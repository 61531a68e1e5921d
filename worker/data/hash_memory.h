/*
 * hash_memory.h - hashes computed during uploads, so that HASH need not read
 * the files again, as long as their size and time do not change.
 */
#ifndef WORKER_DATA_HASH_MEMORY_H
#define WORKER_DATA_HASH_MEMORY_H

#include "common/base.h"
#include "worker/data/hash.h"

#include <sys/stat.h>

#define HASH_MEMORY_MAX 8	/* the last ones */

struct hash_memory {
	size_t next;
	struct hash_known {
		bool used;
		dev_t dev;
		ino_t ino;
		off_t size;
		struct timespec mtime;
		enum hash_kind kind;
		char hex[TLS_HASH_HEX_SIZE];
	} known[HASH_MEMORY_MAX];
};

void hash_memory_add(struct hash_memory *m, const struct stat *st,
	enum hash_kind kind, const char *hex);

/* The hash of this file, or NULL. */
const char *hash_memory_find(const struct hash_memory *m,
	const struct stat *st, enum hash_kind kind);

#endif
