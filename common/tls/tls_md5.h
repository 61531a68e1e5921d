/*
 * tls_md5.h - MD5 and HMAC-MD5, which RADIUS is built on.
 */
#ifndef COMMON_TLS_TLS_MD5_H
#define COMMON_TLS_TLS_MD5_H

#include "common/base.h"

#define TLS_MD5_SIZE 16

struct tls_md5_part {
	const void *data;
	size_t len;
};

/* The digest of all parts, one after the other; false when OpenSSL does not
 * offer MD5 (FIPS mode).  The first call reads OpenSSL's configuration, so make
 * it before a filter forbids that. */
bool tls_md5(const struct tls_md5_part *parts, size_t count, uint8_t *out)
	MUST_CHECK;

bool tls_md5_hmac(const void *key, size_t key_len, const void *data, size_t len,
	uint8_t *out) MUST_CHECK;

/* Are two digests equal?  Takes the same time wherever they differ. */
bool tls_md5_same(const uint8_t *a, const uint8_t *b);

#endif
