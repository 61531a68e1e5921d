/*
 * hash.c - incremental hashes.
 *
 * Runs in: session; hash_name() in the greeter, too.
 */
#include "common/base.h"

#include "worker/data/hash.h"

#include "common/crc32.h"

static const struct {
	const char *name;	/* for clients */
	const char *openssl;	/* NULL: a checksum of our own */
} kinds[HASH_KINDS] = {
	[HASH_SHA256] = { "SHA-256", "SHA256" },
	[HASH_SHA512] = { "SHA-512", "SHA512" },
	[HASH_SHA1] = { "SHA-1", "SHA1" },
	[HASH_MD5] = { "MD5", "MD5" },
	[HASH_CRC32] = { "CRC32", NULL },
};

const char *
hash_name(enum hash_kind kind)
{
	return kinds[kind].name;
}

void
hash_begin(struct hash *h, enum hash_kind kind)
{
	const char *name = kinds[kind].openssl;

	*h = (struct hash){ .tls = NULL };
	if (name != NULL)
		h->tls = tls_hash_new(name);
	h->failed = name != NULL && h->tls == NULL;
}

void
hash_add(struct hash *h, const void *data, size_t len)
{
	if (h->failed)
		return;
	if (h->tls != NULL)
		h->failed = !tls_hash_add(h->tls, data, len);
	else
		h->crc = crc32_add(h->crc, data, len);
}

bool
hash_end(struct hash *h, char *hex)
{
	if (!h->failed && h->tls != NULL)
		h->failed = !tls_hash_end(h->tls, hex);
	else
		snprintf(hex, TLS_HASH_HEX_SIZE, "%08" PRIx32, h->crc);
	tls_hash_free(h->tls);
	h->tls = NULL;
	return !h->failed;
}
