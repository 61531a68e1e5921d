/*
 * quota_tree.c - how much a directory counts.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_tree.h"

#include "common/text.h"
#include "worker/tree/listing_read.h"

#include <fcntl.h>

#define ENTRIES	  50000		/* examined in less than a second */
#define DEPTH	  32
#define READ_SIZE 8192

struct weighing {
	const struct quota *q;
	struct quota_count *sum;
	int left;		/* entries that may still be examined */
	dev_t device;
};

static int weigh_entries(struct weighing *w, int dir, const char *name,
	int depth);

static bool
add(struct quota_count *sum, const struct quota_count *by)
{
	sum->files += by->files;
	return !__builtin_add_overflow(sum->bytes, by->bytes, &sum->bytes);
}

/* What is mounted below does not count; on an overlay of several file systems
 * only directories have its number.  Files with several names are counted
 * several times. */
static int
weigh(struct weighing *w, int dir, const char *name, int depth)
{
	struct stat st;

	if (w->left-- == 0)
		return -EXDEV;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode) && st.st_dev != w->device)
		return 0;
	const struct quota_count weight = quota_weight(&st, w->q->kinds);
	if (!add(w->sum, &weight))
		return -EXDEV;
	return S_ISDIR(st.st_mode) ? weigh_entries(w, dir, name, depth) : 0;
}

static int
weigh_all(struct weighing *w, int fd, struct listing_read *read, int depth)
{
	struct listing_entry entry;
	int error = listing_read_start(read, fd), more;

	while (error == 0) {
		more = listing_read_peek(read, &entry);
		if (more <= 0)
			return more;
		listing_read_next(read);
		if (!text_is_dots(entry.name, entry.len))
			error = weigh(w, fd, entry.name, depth + 1);
	}
	return error;
}

static int
weigh_entries(struct weighing *w, int dir, const char *name, int depth)
{
	struct listing_read read;

	if (depth == DEPTH)
		return -EXDEV;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int error = listing_read_open(&read, READ_SIZE);
	if (error == 0) {
		error = weigh_all(w, fd, &read, depth);
		listing_read_close(&read);
	}
	close(fd);
	return error;
}

int
quota_tree_weigh(const struct quota *q, int dir, const char *name,
	struct quota_count *sum)
{
	struct stat st;
	struct weighing w = { .q = q, .sum = sum, .left = ENTRIES };

	*sum = (struct quota_count){ 0, 0 };
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	w.device = st.st_dev;
	return weigh(&w, dir, name, 0);
}
