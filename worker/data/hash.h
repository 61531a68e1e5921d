/*
 * hash.h - the hashes that clients can request, computed incrementally.
 */
#ifndef WORKER_DATA_HASH_H
#define WORKER_DATA_HASH_H

#include "common/base.h"
#include "common/tls/tls_hash.h"

/* In the order of the FEAT line. */
enum hash_kind {
	HASH_SHA256,
	HASH_SHA512,
	HASH_SHA1,
	HASH_MD5,
	HASH_CRC32,
	HASH_KINDS
};

/* The name in the IANA registry: "SHA-256". */
const char *hash_name(enum hash_kind kind);

/* The state of the computation. */
struct hash {
	struct tls_hash *tls;	/* NULL for CRC32 */
	uint32_t crc;
	bool failed;		/* failed: there will be no hash */
};

/* Begin; hash_end() must be called, even if OpenSSL does not offer the hash. */
void hash_begin(struct hash *h, enum hash_kind kind);
void hash_add(struct hash *h, const void *data, size_t len);

/* Store the hash into hex[TLS_HASH_HEX_SIZE]; false if something failed. */
bool hash_end(struct hash *h, char *hex);

#endif
