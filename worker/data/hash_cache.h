/*
 * hash_cache.h - hashes computed during uploads, so that HASH need not read
 * the files again, as long as their size and time do not change.
 */
#ifndef WORKER_DATA_HASH_CACHE_H
#define WORKER_DATA_HASH_CACHE_H

#include "common/base.h"
#include "worker/data/hash.h"

#include <sys/stat.h>

#define HASH_CACHE_MAX 8	/* of the last uploads */

struct hash_cache {
	size_t next;		/* the entry that is used next */
	struct hash_cache_entry {
		bool used;
		dev_t dev;
		ino_t ino;
		off_t size;
		struct timespec mtime;
		enum hash_kind kind;
		char hex[TLS_HASH_HEX_SIZE];
	} entries[HASH_CACHE_MAX];
};

void hash_cache_add(struct hash_cache *c, const struct stat *st,
	enum hash_kind kind, const char *hex);

/* The hash of this file, or NULL if it is not known. */
const char *hash_cache_find(const struct hash_cache *c,
	const struct stat *st, enum hash_kind kind);

#endif
