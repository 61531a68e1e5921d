/*
 * copy_file.c - copies the content of a file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/data/copy_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define PIECE	  ((size_t)8 << 20)	/* bytes per copy by the kernel */
#define READ_SIZE ((size_t)256 << 10)

struct copy {
	int from, to;
	int64_t copied;
	char *room;		/* NULL: the kernel copies */
};

/* Share blocks with the source: btrfs, XFS, bcachefs.  If it has grown just
 * then, there may be more than room for. */
static bool
share_blocks(struct copy *c, int64_t room)
{
	struct stat st;

	if (fstat(c->from, &st) < 0 || st.st_size > room || st.st_size == 0 ||
		ioctl(c->to, FICLONE, c->from) < 0 ||
		fstat(c->to, &st) < 0)
		return false;
	if (st.st_size > room && ftruncate(c->to, room) == 0)
		c->copied = room;
	else
		c->copied = st.st_size;
	return c->copied == st.st_size;
}

static int
write_all(struct copy *c, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(c->to, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		c->copied += n;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Copy one piece: 1, 0 at the end of the file, or -errno. */
static int
read_and_write(struct copy *c, size_t most)
{
	ssize_t n;

	do
		n = read(c->from, c->room, most < READ_SIZE ? most : READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	int error = write_all(c, c->room, (size_t)n);
	return error < 0 ? error : 1;
}

/* Read and write if the file systems do not support the call together, and also
 * if the file seems empty, because the call copies nothing from /sys. */
static int
copy_piece(struct copy *c, size_t most)
{
	ssize_t n;

	if (c->room != NULL)
		return read_and_write(c, most);
	n = copy_file_range(c->from, NULL, c->to, NULL,
		most < PIECE ? most : PIECE, 0);
	if (n > 0) {
		c->copied += n;
		return 1;
	}
	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO ||
		errno == EFBIG))
		return -errno;
	c->room = malloc(READ_SIZE);
	return c->room == NULL ? -ENOMEM : read_and_write(c, most);
}

static bool
goes_on(const struct copy *c)
{
	char byte;

	return pread(c->from, &byte, 1, c->copied) == 1;
}

static enum transfer_end
copy_all(struct copy *c, struct watch *w, int64_t room, int *error)
{
	enum transfer_end found = TRANSFER_RUNNING;
	int more = 1;

	while (more > 0 && found == TRANSFER_RUNNING) {
		if (c->copied == room)
			return goes_on(c) ? TRANSFER_TOO_LARGE :
				TRANSFER_COMPLETE;
		more = copy_piece(c, room - c->copied > (int64_t)PIECE ?
			PIECE : (size_t)(room - c->copied));
		found = watch_wait(w, -1, 0, 0);
	}
	if (found != TRANSFER_RUNNING)
		return found;
	*error = -more;
	return more == 0 ? TRANSFER_COMPLETE : TRANSFER_LOCAL_ERROR;
}

void
copy_file(struct watch *w, int from, int to, int64_t room,
	struct transfer_result *result)
{
	struct copy c = { .from = from, .to = to };

	result->end = TRANSFER_COMPLETE;
	result->error = 0;
	if (!share_blocks(&c, room))
		result->end = copy_all(&c, w, room, &result->error);
	free(c.room);
	result->bytes = c.copied;
}
