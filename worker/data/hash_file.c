/*
 * hash_file.c - the hash of a file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/hash_file.h"

#include "common/crc32.h"

#define PIECE 262144	/* well under a millisecond of SHA-256 */

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

/* The state of the computation. */
struct state {
	struct tls_hash *hash;	/* NULL for CRC32 */
	uint32_t crc;
};

const char *
hash_name(enum hash_kind kind)
{
	return kinds[kind].name;
}

static bool
add(struct state *s, const void *data, size_t len)
{
	if (s->hash != NULL)
		return tls_hash_add(s->hash, data, len);
	s->crc = crc32_add(s->crc, data, len);
	return true;
}

/* Hash one piece; its length, or -errno. */
static ssize_t
add_piece(struct state *s, int fd, void *room, int64_t begin, int64_t end)
{
	size_t wanted = end - begin < PIECE ? (size_t)(end - begin) : PIECE;
	ssize_t n = lseek(fd, begin, SEEK_SET) < 0 ? -1 :
		read(fd, room, wanted);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ENODATA;
	return add(s, room, (size_t)n) ? n : -EOPNOTSUPP;
}

static enum transfer_end
add_all(struct watch *w, struct state *s, int fd, int64_t begin, int64_t end,
	int *error)
{
	enum transfer_end found = TRANSFER_RUNNING;
	void *room = malloc(PIECE);

	*error = room == NULL ? ENOMEM : 0;
	while (*error == 0 && begin < end && found == TRANSFER_RUNNING) {
		ssize_t n = add_piece(s, fd, room, begin, end);
		if (n < 0)
			*error = (int)-n;
		else
			begin += n;
		found = watch_wait(w, -1, 0, 0);
	}
	free(room);
	if (found != TRANSFER_RUNNING)
		return found;
	return *error == 0 ? TRANSFER_COMPLETE : TRANSFER_LOCAL_ERROR;
}

static bool
finish(struct state *s, char *hex)
{
	if (s->hash != NULL)
		return tls_hash_end(s->hash, hex);
	snprintf(hex, TLS_HASH_HEX_SIZE, "%08" PRIx32, s->crc);
	return true;
}

enum transfer_end
hash_file(struct watch *w, int fd, enum hash_kind kind, int64_t begin,
	int64_t end, char *hex, int *error)
{
	struct state s = { .crc = 0 };
	enum transfer_end result = TRANSFER_LOCAL_ERROR;

	*error = EOPNOTSUPP;
	if (kinds[kind].openssl != NULL)
		s.hash = tls_hash_new(kinds[kind].openssl);
	if (s.hash != NULL || kinds[kind].openssl == NULL)
		result = add_all(w, &s, fd, begin, end, error);
	if (result == TRANSFER_COMPLETE && !finish(&s, hex)) {
		*error = EOPNOTSUPP;
		result = TRANSFER_LOCAL_ERROR;
	}
	tls_hash_free(s.hash);
	return result;
}
