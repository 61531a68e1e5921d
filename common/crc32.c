/*
 * crc32.c - the checksum of Ethernet, ZIP and XCRC.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/crc32.h"

#define POLYNOMIAL 0xedb88320u	/* bits reversed */
#define STEP	   8		/* bytes at a time */

/* table[k][b]: the contribution of byte b when k bytes follow it. */
static uint32_t table[STEP][256];

static void
make_table(void)
{
	for (uint32_t b = 0; b < 256; b++) {
		uint32_t crc = b;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
		table[0][b] = crc;
	}
	for (int k = 1; k < STEP; k++)
		for (int b = 0; b < 256; b++)
			table[k][b] = table[k - 1][b] >> 8 ^
				table[0][table[k - 1][b] & 255];
}

static uint32_t
add_step(uint32_t crc, const unsigned char *at)
{
	uint32_t next = 0;

	for (int i = 0; i < STEP; i++) {
		unsigned char byte = at[i];
		if (i < 4)
			byte ^= (unsigned char)(crc >> 8 * i);
		next ^= table[STEP - 1 - i][byte];
	}
	return next;
}

uint32_t
crc32_add(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *at = data;

	if (table[0][1] == 0)
		make_table();
	crc = ~crc;
	for (; len >= STEP; len -= STEP, at += STEP)
		crc = add_step(crc, at);
	for (; len > 0; len--, at++)
		crc = crc >> 8 ^ table[0][(crc ^ *at) & 255];
	return ~crc;
}
