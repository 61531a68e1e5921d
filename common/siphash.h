/*
 * siphash.h - SipHash-2-4, a keyed hash of short texts (Aumasson and Bernstein,
 * 2012).
 */
#ifndef COMMON_SIPHASH_H
#define COMMON_SIPHASH_H

#include "common/base.h"

#define SIPHASH_KEY_SIZE 16

/* Without the key, neither the hash of other data nor the data can be found
 * from hashes. */
uint64_t siphash(const uint8_t key[SIPHASH_KEY_SIZE], const void *data,
	size_t len);

#endif
