/*
 * tls_hash.h - incremental hashes of files.
 */
#ifndef COMMON_TLS_TLS_HASH_H
#define COMMON_TLS_TLS_HASH_H

#include "common/base.h"

#define TLS_HASH_HEX_SIZE 129	/* of the longest, with its NUL */

struct tls_hash;

/* Begin a hash ("SHA256"); NULL when OpenSSL does not offer it.  Reads no file,
 * because a jail may contain an OpenSSL configuration written by its user. */
struct tls_hash *tls_hash_new(const char *name) MUST_CHECK;

/* Add bytes; false when that fails. */
bool tls_hash_add(struct tls_hash *h, const void *data, size_t len) MUST_CHECK;

/* Store the hash of all added bytes, in lower-case hexadecimal, into
 * hex[TLS_HASH_HEX_SIZE]; false on failure. */
bool tls_hash_end(struct tls_hash *h, char *hex) MUST_CHECK;

void tls_hash_free(struct tls_hash *h);

#endif
