/*
 * quota_rename.c - renames, counted for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_rename.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "worker/tree/hidden_name.h"
#include "worker/tree/quota_tree.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>

#define TRIES 10

/* File systems that cannot exchange names (EINVAL) can still rename. */
static int
replace_unseen(struct quota *q, int dir, const char *hidden, const char *name)
{
	struct quota_target replaced = quota_look(q, dir, name);
	int error = renameat(dir, hidden, dir, name) < 0 ? -errno : 0;

	quota_looked(q, &replaced, error);
	return error;
}

/* Exchange the hidden file with the one that it replaces, which then has a name
 * that no other session uses.  1; 0 if there was none; or -errno. */
static int
exchange(int dir, const char *hidden, const char *name)
{
	int error = -ENOENT;

	for (int i = 0; i < TRIES && (error == -ENOENT || error == -EEXIST);
		i++) {
		if (renameat2(dir, hidden, dir, name, RENAME_EXCHANGE) == 0)
			return 1;
		error = -errno;
		if (error != -ENOENT)
			return error;
		if (renameat2(dir, hidden, dir, name, RENAME_NOREPLACE) == 0)
			return 0;
		error = -errno;
	}
	return error;
}

static bool
is_directory(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode);
}

/* Take the file back from its name, if it is still there. */
static void
take_back(int dir, const char *hidden, const char *name, bool exchanged,
	const struct stat *file)
{
	unsigned flags = exchanged ? RENAME_EXCHANGE : RENAME_NOREPLACE;

	if (!same_file_is(dir, name, file) ||
		renameat2(dir, name, dir, hidden, flags) < 0)
		return;
	/* Another one had got the name just then. */
	if (!same_file_is(dir, hidden, file))
		(void)!renameat2(dir, hidden, dir, name, flags);
}

/* The upload may use the space of the file that it was to replace.  If that was
 * moved away meanwhile, or has got another name, it needs space of its own. */
static int
check_replaced(struct quota *q, int dir, const char *hidden, bool exchanged,
	const struct stat *replaced)
{
	struct stat st;

	if (replaced == NULL)
		return 0;
	return exchanged && same_file_is(dir, hidden, replaced) &&
		fstatat(dir, hidden, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		st.st_nlink <= 1 ? 0 : quota_replaces_not(q);
}

/* A scan may have missed it since the exchange began. */
static int
remove_replaced(struct quota *q, int dir, const char *hidden,
	const struct quota_mark *mark)
{
	int error = quota_unlink_own(q, dir, hidden, mark);

	/* The upload is in place, but the old file still exists and counts;
	 * unless another session has removed it as left over. */
	if (error < 0 && error != -ENOENT)
		log_warning("cannot remove a replaced file: %s",
			log_errno(error));
	return 0;
}

/* Of several sessions that replace a file at the same time, each gets exactly
 * the one that it has replaced. */
int
quota_rename_hidden(struct quota *q, int dir, const char *hidden,
	const char *name, const struct stat *replaced)
{
	struct quota_mark mark;
	struct stat upload;
	bool counts = quota_counts_here(q, dir, &mark) &&
		fstatat(dir, hidden, &upload, AT_SYMLINK_NOFOLLOW) == 0;
	int found = counts ? exchange(dir, hidden, name) : -ENOSYS;

	if (found < 0)
		return replace_unseen(q, dir, hidden, name);
	int error = check_replaced(q, dir, hidden, found == 1, replaced);
	if (error == 0 && found == 0)
		return 0;
	if (error == 0 && is_directory(dir, hidden))
		error = -EISDIR;
	if (error == 0)
		return remove_replaced(q, dir, hidden, &mark);
	take_back(dir, hidden, name, found == 1, &upload);
	return error;
}

/* --- renames by a client */

int
quota_rename_begin(struct quota *q, struct quota_rename *r, int from_dir,
	const char *from, int to_dir)
{
	struct stat st;

	*r = (struct quota_rename){ .replaced = { .fd = -1 } };
	if (q == NULL)
		return 0;
	r->leaves = quota_counts(q, from_dir);
	r->enters = quota_counts(q, to_dir);
	if ((!r->leaves && !r->enters) || fstatat(from_dir, from, &st,
		AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	r->tree = S_ISDIR(st.st_mode);
	r->from = quota_mark_now(from_dir);
	r->to = quota_mark_now(to_dir);
	r->inode = quota_mark_inode(&st);
	r->moved = quota_weight(&st, q->kinds);
	r->inside = r->leaves && r->enters;
	if (r->inside)
		return 0;
	int error = r->tree && r->enters ? quota_tree_weigh(q, from_dir, from,
		&r->moved) : 0;
	if (error < 0)
		return error;
	r->linked = S_ISREG(st.st_mode) && st.st_nlink > 1;
	if (r->enters) {
		error = quota_claim(q, to_dir, r->moved);
		r->to.from = clock_ns();
		return error;
	}
	/* What leaves with a directory is found by a scan. */
	r->moved = r->linked || r->tree ? (struct quota_count){ 0, 0 } :
		(struct quota_count){ -r->moved.bytes, -r->moved.files };
	return 0;
}

static void
report_moved(struct quota *q, const struct quota_rename *r)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_quota_moved);
	m.quota_moved = (struct message_quota_moved){
		.dir = r->from.dir, .to_dir = r->to.dir, .tree = r->tree,
		.from = r->from.from, .to = clock_ns(),
	};
	quota_report_send(&q->to, &m);
}

void
quota_rename_replaces(struct quota *q, struct quota_rename *r, int to_dir,
	const char *to)
{
	r->replaces = quota_counts(q, to_dir);
	if (r->replaces)
		r->replaced = quota_look(q, to_dir, to);
}

/* In a sticky directory, only one of its own could be removed. */
static bool
may_remove(const struct stat *file, int dir)
{
	struct stat in;

	return file->st_uid == geteuid() ||
		(fstatat(dir, ".", &in, 0) == 0 && (in.st_mode & S_ISVTX) == 0);
}

/* Remove the file's former name.  False if it is another file's by now. */
static bool
leave(struct quota *q, const struct target *old, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	enum same_file_result result =
		same_file_remove(old->dir, old->name, fd);

	if (result == SAME_FILE_REMOVED)
		/* Another session may have removed its new name. */
		quota_lost_name(q, old->dir, fd, &st);
	else if (result == SAME_FILE_OTHER)
		quota_unsure(q);
	return result == SAME_FILE_REMOVED;
}

/* Afterwards the hidden name has to be removed.  -EAGAIN if nothing else has
 * changed. */
static int
exchange_link(struct quota *q, const struct target *old,
	const struct target *new, const char *hidden, int fd)
{
	struct stat file;

	/* If an upload has replaced it, it may have used its space. */
	if (fstat(fd, &file) < 0 || !same_file_is(old->dir, old->name, &file))
		return -EAGAIN;
	int found = exchange(new->dir, hidden, new->name);
	if (found < 0)
		return found == -ENOENT ? -EAGAIN : -ENOSYS;
	/* Of two links to one file, both stay. */
	if (found == 1 && same_file_is(new->dir, hidden, &file))
		return 0;
	if (!is_directory(new->dir, hidden) && leave(q, old, fd))
		return 0;
	take_back(new->dir, hidden, new->name, found == 1, &file);
	return -EAGAIN;
}

static int
replace_exactly(struct quota *q, const struct target *old,
	const struct target *new, int fd)
{
	const struct quota_mark mark = quota_mark_now(new->dir);
	char hidden[HIDDEN_NAME_SIZE];
	struct stat st;

	if (fstat(fd, &st) < 0 || !may_remove(&st, old->dir) ||
		!may_remove(&st, new->dir) ||
		is_directory(new->dir, new->name) ||
		hidden_choose_name(hidden) < 0)
		return -ENOSYS;
	/* It was just removed; or that is not possible here. */
	if (linkat(fd, "", new->dir, hidden, AT_EMPTY_PATH) < 0)
		return errno == ENOENT ? -EAGAIN : -ENOSYS;
	int error = exchange_link(q, old, new, hidden, fd);
	/* There is none if nothing was replaced. */
	(void)!quota_unlink_own(q, new->dir, hidden, &mark);
	return error;
}

/* The file gets a second, hidden name, and that is exchanged with the name of
 * the file that it replaces; so this session gets exactly the one that it has
 * replaced, and no other session finds that under another name. */
int
quota_rename_over(struct quota *q, const struct quota_rename *r,
	const struct target *old, const struct target *new)
{
	if (!r->inside || r->tree || quota_report_alone(&q->to))
		return -ENOSYS;
	int fd = openat(old->dir, old->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -EAGAIN;
	int error = replace_exactly(q, old, new, fd);
	close(fd);
	return error;
}

/* Renaming a link over another link of the same file does nothing.  If no file
 * was found before the rename, one may still have been replaced. */
static void
end_replaced(struct quota *q, struct quota_rename *r, int error)
{
	struct stat st;
	bool itself = r->replaced.fd >= 0 &&
		r->inode.inode == r->replaced.st.st_ino &&
		r->inode.device == r->replaced.st.st_dev &&
		fstat(r->replaced.fd, &st) == 0 &&
		st.st_nlink == r->replaced.st.st_nlink;

	if (error == 0 && r->replaces && r->replaced.fd < 0)
		quota_unsure(q);
	quota_looked(q, &r->replaced, itself ? -EEXIST : error);
}

void
quota_rename_end(struct quota *q, struct quota_rename *r, int error)
{
	struct quota_entry c = { .inode = r->inode, .by = r->moved };

	if (error < 0)
		c.by = (struct quota_count){ 0, 0 };
	if (r->inside && error == 0)
		report_moved(q, r);
	else if (!r->inside && r->moved.files != 0 &&
		(error == 0 || q->claimed))
		quota_changed(q, &c, r->moved.files > 0 ? &r->to : &r->from);
	/* On which side its other links are is not known, nor all that is in a
	 * directory. */
	if (error == 0 && (r->linked || (r->tree && !r->inside &&
		(r->leaves || r->enters))))
		quota_unsure(q);
	end_replaced(q, r, error);
}
