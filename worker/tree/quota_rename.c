/*
 * quota_rename.c - renames that a quota counts.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_rename.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

#include <fcntl.h>

/* The file systems that cannot exchange names can rename. */
static int
replace_unseen(struct quota *q, int dir, const char *hidden, const char *name)
{
	struct quota_target replaced = quota_look(q, dir, name);
	int error = renameat(dir, hidden, dir, name) < 0 ? -errno : 0;

	quota_looked(q, &replaced, error);
	return error;
}

/* Of several sessions that replace a file at the same time, each gets exactly
 * the one that it has replaced: under a name that no other session uses. */
int
quota_rename_hidden(struct quota *q, int dir, const char *hidden,
	const char *name)
{
	struct stat st;

	if (!quota_counts(q, dir) || renameat2(dir, hidden, dir, name,
		RENAME_EXCHANGE) < 0)
		return replace_unseen(q, dir, hidden, name);
	if (fstatat(dir, hidden, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode)) {
		(void)!renameat2(dir, hidden, dir, name, RENAME_EXCHANGE);
		return -EISDIR;
	}
	int error = quota_unlink(q, dir, hidden, 0);
	/* It is in its place, but what it replaced still counts. */
	if (error < 0)
		log_warning("cannot remove a replaced file: %s",
			log_errno(error));
	return 0;
}

int
quota_rename_begin(struct quota *q, struct quota_rename *r, int from_dir,
	const char *from, int to_dir, const char *to)
{
	struct stat st;

	*r = (struct quota_rename){ .replaced = { .fd = -1 } };
	if (q == NULL)
		return 0;
	r->replaced = quota_look(q, to_dir, to);
	bool leaves = quota_counts(q, from_dir);
	bool enters = quota_counts(q, to_dir);
	if ((!leaves && !enters) || fstatat(from_dir, from, &st,
		AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	r->tree = S_ISDIR(st.st_mode);
	r->from = quota_mark_now(from_dir);
	r->to = quota_mark_now(to_dir);
	r->inode = quota_mark_inode(&st);
	r->moved = quota_weight(&st, q->kinds);
	r->inside = leaves && enters;
	if (r->inside)
		return 0;
	if (r->tree)
		return -EXDEV;
	if (enters)
		return quota_claim(q, to_dir, r->moved);
	r->moved = (struct quota_count){ -r->moved.bytes, -r->moved.files };
	return 0;
}

static void
report_moved(struct quota *q, const struct quota_rename *r)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_moved);
	m.quota_moved = (struct message_quota_moved){
		.dir = r->from.dir, .to_dir = r->to.dir, .count = r->moved,
		.tree = r->tree, .from = r->from.from, .to = clock_ns(),
	};
	quota_report_send(&q->to, &m);
}

void
quota_rename_end(struct quota *q, struct quota_rename *r, int error)
{
	struct quota_entry c = { .inode = r->inode, .by = r->moved };
	struct stat st;

	if (error < 0)
		c.by = (struct quota_count){ 0, 0 };
	if (r->inside && error == 0)
		report_moved(q, r);
	else if (!r->inside && r->moved.files != 0 &&
		(error == 0 || q->claimed))
		quota_changed(q, &c, r->moved.files > 0 ? &r->to : &r->from);
	/* Renaming one link to another of the same file does nothing. */
	if (r->replaced.fd >= 0 && error == 0 &&
		fstat(r->replaced.fd, &st) == 0 && st.st_nlink == 0)
		quota_removed(q, &r->replaced.st, &r->replaced.mark);
	io_close(&r->replaced.fd);
}
