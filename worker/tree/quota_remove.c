/*
 * quota_remove.c - removals, counted for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_remove.h"

#include "common/io.h"
#include "worker/tree/hidden_name.h"
#include "worker/tree/network_fs.h"

#include <fcntl.h>

/* Report that something with this stat() was removed; fd: of it. */
static void
report_removed(struct quota *q, int fd, const struct stat *st,
	const struct quota_mark *mark)
{
	struct quota_count weight = quota_weight(st, q->kinds);
	struct quota_entry c = {
		.inode = quota_inode_of(fd, st),
		.by = { -weight.bytes, -weight.files },
		.links = S_ISREG(st->st_mode) && st->st_nlink > 1,
	};

	if (weight.files > 0)
		quota_changed(q, &c, mark);
}

void
quota_lost_name(struct quota *q, int dir, int fd, const struct stat *before)
{
	struct stat st;

	if (!quota_counts(q, dir) || fstat(fd, &st) < 0 || st.st_nlink > 0)
		return;
	/* When that was is not known. */
	struct quota_mark mark = quota_mark_now(dir);
	mark.from = 0;
	st.st_nlink = before->st_nlink;
	report_removed(q, fd, &st, &mark);
}

static struct quota_target
look(int dir, const char *name, const struct quota_mark *mark)
{
	struct quota_target target = { .mark = *mark };

	target.fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target.fd >= 0 && fstat(target.fd, &target.st) < 0)
		io_close(&target.fd);
	return target;
}

struct quota_target
quota_look(const struct quota *q, int dir, const char *name)
{
	const struct quota_target nothing = { .fd = -1 };
	struct quota_mark mark;

	return quota_counts_here(q, dir, &mark) ? look(dir, name, &mark) :
		nothing;
}

/* The file seems to have all its names still.  On a network file system that is
 * so while it is open here: most likely it was removed, and the next scan finds
 * out.  On SMB, stat() of a removed file fails (not `known`). */
static void
report_perhaps_removed(struct quota *q, const struct quota_target *target,
	bool known)
{
	if (target->st.st_nlink == 1 &&
		(!known || network_fs_keeps_open(target->fd)))
		report_removed(q, target->fd, &target->st, &target->mark);
	quota_unsure(q);
}

/* If the name referred to another file by then, that one was removed.  The size
 * is that of the end: it may have been written to since. */
void
quota_looked(struct quota *q, struct quota_target *target, int error)
{
	struct stat st = { .st_nlink = target->st.st_nlink };
	nlink_t links = target->st.st_nlink;

	if (target->fd < 0)
		return;
	if (error == 0) {
		bool known = fstat(target->fd, &st) == 0;
		if (known && (st.st_nlink == 0 || S_ISDIR(st.st_mode))) {
			target->st = st;
			target->st.st_nlink = links;
			report_removed(q, target->fd, &target->st,
				&target->mark);
		} else if (st.st_nlink >= links) {
			report_perhaps_removed(q, target, known);
		}
	}
	io_close(&target->fd);
}

static int
rename_free(int dir, const char *from, const char *to)
{
	return renameat2(dir, from, dir, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

/* Of several sessions that remove a name at the same time, or replace the file,
 * each removes exactly the one that it reports: under a name that only it
 * knows.  -ENOSYS if that is not possible here. */
static int
unlink_hidden(struct quota *q, int dir, const char *name,
	const struct quota_mark *mark)
{
	char hidden[HIDDEN_NAME_SIZE];
	struct stat st;

	/* Another session may just create one. */
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? -ENOENT : -ENOSYS;
	if (S_ISDIR(st.st_mode) || hidden_choose_name(hidden) < 0)
		return -ENOSYS;
	int error = rename_free(dir, name, hidden);
	if (error < 0)
		return error == -ENOENT ? error : -ENOSYS;
	/* Most likely it is the file that was seen before. */
	struct quota_target target = { .mark = *mark, .st = st };
	target.fd = openat(dir, hidden, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	error = unlinkat(dir, hidden, 0) < 0 ? -errno : 0;
	/* Another session has removed it as left over, and reported it. */
	if (error == -ENOENT) {
		io_close(&target.fd);
		return 0;
	}
	if (error < 0)
		(void)!rename_free(dir, hidden, name);
	else if (target.fd < 0)
		quota_unsure(q);
	quota_looked(q, &target, error);
	return error;
}

static int
unlink_seen(struct quota *q, int dir, const char *name, int flags,
	const struct quota_mark *mark)
{
	struct quota_target target = look(dir, name, mark);
	int error = unlinkat(dir, name, flags) < 0 ? -errno : 0;

	/* There was none just before. */
	if (error == 0 && target.fd < 0)
		quota_unsure(q);
	quota_looked(q, &target, error);
	return error;
}

int
quota_unlink_own(struct quota *q, int dir, const char *name,
	const struct quota_mark *mark)
{
	return unlink_seen(q, dir, name, 0, mark);
}

int
quota_unlink(struct quota *q, int dir, const char *name, int flags)
{
	struct quota_mark mark;
	bool counts = q != NULL && ((flags & AT_REMOVEDIR) == 0 ||
		(q->kinds & QUOTA_DIRECTORIES) != 0) &&
		quota_counts_here(q, dir, &mark);
	int error = -ENOSYS;

	if (!counts)
		return unlinkat(dir, name, flags) < 0 ? -errno : 0;
	/* Also a hidden one: its session may exchange it just then. */
	if (flags == 0 && !quota_report_alone(&q->to))
		error = unlink_hidden(q, dir, name, &mark);
	return error == -ENOSYS ? unlink_seen(q, dir, name, flags, &mark) :
		error;
}
