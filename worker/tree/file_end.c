/*
 * file_end.c - ends an upload.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/file_end.h"

#include "common/settings/settings.h"
#include "worker/reason.h"
#include "worker/tree/hidden.h"
#include "worker/tree/reserve.h"

#include <fcntl.h>

static int
finish_in_place(const struct tree *t, const struct file *f)
{
	return t->settings->fsync_uploads && fsync(f->fd) < 0 ? -errno : 0;
}

/* Some file systems cannot sync a directory, and a directory that the account
 * may not read cannot be opened for that. */
static int
sync_directory(struct tree *t, const struct file *f)
{
	int dir = target_open(&t->resolver,
		replace_directory(&f->replace, &f->at), ".",
		O_RDONLY | O_DIRECTORY, 0);
	int error = 0;

	if (dir < 0)
		return 0;
	if (fsync(dir) < 0 && errno != EINVAL && errno != EOPNOTSUPP)
		error = -errno;
	close(dir);
	return error;
}

/* Have a complete upload checked by upload_check, if that is set. */
static int
check(const struct tree *t, const struct file *f)
{
	BUFFER(path, 2 * PATH_MAX);

	if (!tree_checks_uploads(t))
		return 0;
	target_path(&f->at, &path);
	int error = t->authority->check_upload(t->authority->context, f->fd,
		buffer_text(&path), t->settings->upload_check_timeout);
	return error == 0 || error == -ECANCELED ? error : -REASON_REJECTED;
}

static int
finish(struct tree *t, struct file *f)
{
	int error = f->atomic ? check(t, f) : finish_in_place(t, f);

	if (error == 0)
		error = f->atomic ? replace_publish(t, &f->replace, &f->at,
			&f->numbered) : check(t, f);
	if (error == 0 && t->settings->fsync_uploads)
		error = sync_directory(t, f);
	return error;
}

/* Is what there is of the upload removed?  Never what APPE appended to.  What
 * was there before a resumed upload stays for the next attempt.  With
 * upload_check there is neither (cmd_stor.c), and what it has not accepted
 * is not kept. */
static bool
is_removed(const struct tree *t, const struct file *f, int error)
{
	if (f->atomic || f->kind == UPLOAD_APPEND)
		return false;
	return error == -REASON_REJECTED || (f->offset == 0 &&
		(t->settings->incomplete_uploads == INCOMPLETE_DELETE ||
		tree_checks_uploads(t)));
}

static void
discard(const struct tree *t, struct file *f)
{
	struct stat st;

	file_count_remove(&f->count, f->at.dir, f->at.name, f->fd);
	/* Another session may have renamed it, or it has further names. */
	if (tree_checks_uploads(t) && fstat(f->fd, &st) == 0 &&
		st.st_nlink > 0)
		(void)!ftruncate(f->fd, 0);
}

int
file_end_upload(struct tree *t, struct file *f, bool complete)
{
	int error;

	if (f->reserved > 0)
		reserve_release(f->fd, f->reserved);
	error = complete ? finish(t, f) : 0;
	if ((!complete || error < 0) && is_removed(t, f, error))
		discard(t, f);
	replace_close(&f->replace);
	if (complete && error == 0 &&
		t->settings->upload_hash != UPLOAD_HASH_NO &&
		fstat(f->fd, &f->closed) < 0)
		error = -errno;
	file_count_end(&f->count);
	if (close(f->fd) < 0 && error == 0)
		error = -errno;
	f->fd = -1;
	return error;
}

void
file_clean_directory(struct tree *t)
{
	hidden_clean(&t->resolver, &t->hidden, AT_FDCWD, t->user.uid,
		t->settings->max_list_entries);
}
