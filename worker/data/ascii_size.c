/*
 * ascii_size.c - computes the size of a file in TYPE A.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/ascii_size.h"

#include "worker/data/ascii.h"

#define PIECE 65536

enum transfer_end
ascii_size(struct watch *w, int fd, int64_t *size, int *error)
{
	static const size_t whole = PIECE + 2 * PIECE;
	enum transfer_end found = TRANSFER_RUNNING;
	struct ascii state = { false };
	char *room = malloc(whole);
	ssize_t n = 1;

	*size = 0;
	*error = room == NULL ? ENOMEM : 0;
	while (*error == 0 && found == TRANSFER_RUNNING) {
		n = read(fd, room, PIECE);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			*error = errno;
		if (n > 0) {
			size_t used = (size_t)n;
			*size += (int64_t)ascii_to_network(&state, room, &used,
				room + PIECE, 2 * PIECE);
		}
		found = watch_wait(w, -1, 0, 0);
	}
	free(room);
	if (found != TRANSFER_RUNNING)
		return found;
	return *error == 0 ? TRANSFER_COMPLETE : TRANSFER_LOCAL_ERROR;
}
