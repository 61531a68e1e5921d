/*
 * file_count.c - counts an upload for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/file_count.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/settings/settings.h"
#include "worker/reason.h"
#include "worker/tree/hidden_name.h"
#include "worker/tree/lock.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

void
file_count_init(struct file_count *c)
{
	*c = (struct file_count){ .fd = -1, .shown = -1, .size = INT64_MAX };
}

void
file_count_open(struct file_count *c)
{
	c->opened = clock_ns();
}

/* To close a file that was opened for writing may wait for its file system, if
 * that is not on a disk of this host (NFS, FUSE); with O_PATH it does not, so
 * the bookkeeper gets such a descriptor. */
static void
open_shown(struct file_count *c)
{
	struct stat st, there;

	if (c->shown >= 0 || *c->name == '\0' || fstat(c->fd, &st) < 0 ||
		major(st.st_dev) != 0)
		return;
	c->shown = openat(c->dir, c->name, O_PATH | O_CLOEXEC);
	if (c->shown >= 0 && (fstat(c->shown, &there) < 0 ||
		there.st_dev != st.st_dev || there.st_ino != st.st_ino))
		io_close(&c->shown);
}

/* The bookkeeper counts it from now on. */
static int
begin_asking(struct file_count *c, struct quota_upload *u)
{
	open_shown(c);
	if (c->shown >= 0)
		u->fd = c->shown;
	return quota_begin(c->tree->quota, u, &c->size);
}

/* Small uploads need no message of their own.  Without locks, several sessions
 * may upload to one file, and only the bookkeeper knows of all of them. */
static bool
begin_quietly(struct file_count *c, const struct quota_upload *u)
{
	const struct quota *q = c->tree->quota;
	struct stat st;

	if (!c->locked || q->to.allowance.bytes <= 0 ||
		q->to.allowance.files <= 0)
		return false;
	c->before = (struct quota_count){ 0, 0 };
	if (!u->created) {
		if (fstat(c->fd, &st) < 0 || st.st_nlink > 1)
			return false;
		c->before = quota_weight(&st, q->kinds);
	}
	c->size = c->before.bytes + q->to.allowance.bytes;
	c->quiet = u->size <= c->size;
	return c->quiet;
}

int
file_count_begin(struct file_count *c, struct tree *t, int dir,
	const char *name, const struct quota_upload *u)
{
	if (!quota_counts_here(t->quota, dir, &c->mark))
		return 0;
	c->tree = t;
	c->fd = u->fd;
	c->dir = dir;
	c->name = name;
	c->locked = t->settings->upload_locking;
	c->hidden = *name == '\0' || hidden_is_name(name);
	if (c->opened != 0)
		c->mark.from = c->opened;
	if (begin_quietly(c, u))
		return 0;
	struct quota_upload there = *u;
	there.mark = c->mark;
	int error = begin_asking(c, &there);
	/* A new file that is refused exists until it was removed. */
	if (error == -REASON_QUOTA_ASKED || (error < 0 && !u->created))
		c->tree = NULL;
	return error;
}

/* Report how it has changed the count since the last report; a scan may have
 * seen it when it was smaller. */
static void
report_change(struct file_count *c, const struct stat *st)
{
	struct quota_count now = quota_weight(st, c->tree->quota->kinds);
	struct quota_entry e = {
		.inode = { st->st_dev, st->st_ino, 0 },
		.by = { now.bytes - c->before.bytes,
			now.files - c->before.files },
		.content = 1, .now = now,
	};

	/* Another upload may have been allowed to use its space. */
	if (e.by.bytes < 0)
		e.inode = quota_inode_of(c->fd, st);
	c->before = now;
	quota_changed(c->tree->quota, &e, &c->mark);
}

/* Its name was removed; unless by this upload itself, another session may have
 * done that (`lost`), and what that reports was not in the count. */
static void
report_removed(struct file_count *c, const struct stat *st, bool lost)
{
	struct quota_entry e = {
		.inode = quota_inode_of(c->fd, st),
		.by = { -c->before.bytes, -c->before.files },
		.lost = lost,
	};

	/* If it was never in the count, a scan may have seen it. */
	e.content = e.by.files == 0;
	c->before = (struct quota_count){ 0, 0 };
	quota_changed(c->tree->quota, &e, &c->mark);
}

/* Report what was stored so far, and let the bookkeeper count the rest.  A
 * temporary file has no name yet. */
static int
let_bookkeeper_count(struct file_count *c)
{
	struct quota_upload u = { .fd = c->fd, .size = -1 };
	struct stat st;

	if (fstat(c->fd, &st) < 0)
		return -errno;
	if (st.st_nlink == 0 && !c->hidden)
		report_removed(c, &st, true);
	else
		report_change(c, &st);
	u.mark.dir = c->mark.dir;
	u.mark.from = clock_ns();
	int error = begin_asking(c, &u);
	c->quiet = error < 0;
	return error;
}

int
file_count_grow(struct file_count *c)
{
	int64_t before = c->size;
	int error = 0;

	if (c->tree == NULL)
		return 0;
	if (c->quiet)
		error = let_bookkeeper_count(c);
	if (error < 0 || c->size > before)
		return error;
	const struct quota_upload u = {
		.fd = c->shown >= 0 ? c->shown : c->fd, .size = -1,
	};
	return quota_grow(c->tree->quota, &u, &c->size);
}

void
file_count_remove(struct file_count *c, int dir, const char *name, int fd)
{
	enum same_file_result result = same_file_remove(dir, name, fd);
	struct stat st;

	/* Another session may have given it a second name, and remove that. */
	if (result == SAME_FILE_REMOVED)
		c->removed = fstat(fd, &st) == 0 && st.st_nlink == 0;
	else if (result == SAME_FILE_OTHER && c->tree != NULL)
		quota_unsure(c->tree->quota);
}

/* A session that removes the directory also removes hidden files of uploads. */
static void
end_quietly(struct file_count *c)
{
	struct stat st;

	if (fstat(c->fd, &st) < 0)
		quota_unsure(c->tree->quota);
	else if (st.st_nlink > 0)
		report_change(c, &st);
	else
		report_removed(c, &st, !c->removed);
}

/* Unlock explicitly: the lock belongs to the open file, of which the bookkeeper
 * still has a descriptor for a moment. */
void
file_count_end(struct file_count *c)
{
	io_close(&c->shown);
	if (c->tree == NULL)
		return;
	if (c->quiet) {
		end_quietly(c);
	} else {
		quota_end(c->tree->quota);
		if (c->locked)
			(void)!lock_file(c->fd, F_UNLCK);
	}
	c->tree = NULL;
}
