/*
 * siphash.c - SipHash-2-4, a keyed hash of short texts.
 *
 * Runs in: monitor, master, runner.
 */
#include "common/base.h"
#include "common/siphash.h"

#include <endian.h>

#define BLOCK 8		/* bytes */

static uint64_t
rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t
read_block(const uint8_t *at)
{
	uint64_t block;

	memcpy(&block, at, sizeof(block));
	return le64toh(block);
}

static void
mix(uint64_t v[4], int rounds)
{
	for (int i = 0; i < rounds; i++) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void
add_block(uint64_t v[4], uint64_t block)
{
	v[3] ^= block;
	mix(v, 2);
	v[0] ^= block;
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY_SIZE], const void *data, size_t len)
{
	const uint64_t k0 = read_block(key), k1 = read_block(key + BLOCK);
	const uint8_t *at = data, *end = at + len / BLOCK * BLOCK;
	/* "somepseudorandomlygeneratedbytes" */
	uint64_t v[4] = {
		k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
		k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573,
	};
	uint64_t last = (uint64_t)len << 56;

	for (; at < end; at += BLOCK)
		add_block(v, read_block(at));
	for (size_t i = 0; i < len % BLOCK; i++)
		last |= (uint64_t)at[i] << 8 * i;
	add_block(v, last);
	v[2] ^= 0xff;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
