/*
 * hash_file.c - the hash of a file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/hash_file.h"

#define PIECE 262144	/* well under a millisecond of SHA-256 */

/* Add one piece; its length, 0 at the end of the file, or -errno. */
static ssize_t
add_piece(struct hash *h, int fd, void *room, int64_t begin, int64_t end)
{
	size_t wanted = end - begin < PIECE ? (size_t)(end - begin) : PIECE;
	ssize_t n;

	do
		n = lseek(fd, begin, SEEK_SET) < 0 ? -1 :
			read(fd, room, wanted);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	hash_add(h, room, (size_t)n);
	return h->failed ? -EOPNOTSUPP : n;
}

static enum transfer_end
add_all(struct watch *w, struct hash *h, int fd, struct hash_part *part)
{
	enum transfer_end found = TRANSFER_RUNNING;
	int64_t at = part->begin;
	void *room = malloc(PIECE);

	part->error = room == NULL ? ENOMEM : 0;
	while (part->error == 0 && at < part->end &&
		found == TRANSFER_RUNNING) {
		ssize_t n = add_piece(h, fd, room, at, part->end);
		if (n < 0)
			part->error = (int)-n;
		else if (n == 0)
			part->end = at;
		else
			at += n;
		found = watch_wait(w, -1, 0, 0);
	}
	free(room);
	if (found != TRANSFER_RUNNING)
		return found;
	return part->error == 0 ? TRANSFER_COMPLETE : TRANSFER_LOCAL_ERROR;
}

enum transfer_end
hash_file(struct watch *w, int fd, enum hash_kind kind,
	struct hash_part *part)
{
	enum transfer_end result = TRANSFER_LOCAL_ERROR;
	struct hash h;

	hash_begin(&h, kind);
	part->error = EOPNOTSUPP;
	if (!h.failed)
		result = add_all(w, &h, fd, part);
	if (!hash_end(&h, part->hex) && result == TRANSFER_COMPLETE) {
		part->error = EOPNOTSUPP;
		result = TRANSFER_LOCAL_ERROR;
	}
	return result;
}
