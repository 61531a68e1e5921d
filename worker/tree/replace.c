/*
 * replace.c - replaces a file by a complete new one.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/replace.h"

#include "common/io.h"
#include "common/settings/settings.h"
#include "common/text.h"
#include "worker/tree/lock.h"
#include "worker/tree/network_fs.h"
#include "worker/tree/owner.h"
#include "worker/tree/quota_rename.h"
#include "worker/tree/same_file.h"

#include <fcntl.h>
#include <sys/xattr.h>

#define LINKS_MAX 40		/* as many as the kernel follows */
#define ACL_NAME  "system.posix_acl_access"
#define ACL_SIZE  4096		/* 500 entries; ext4 supports fewer */

void
replace_init(struct replace *r)
{
	r->old = r->new = -1;
	r->place = (struct target){ .dir = -1 };
	r->own_dir = false;
	r->hidden.name[0] = '\0';
}

static const struct target *
place_of(const struct replace *r, const struct target *target)
{
	return r->place.name != NULL ? &r->place : target;
}

/* --- the target of a symbolic link */

/* A relative link starts in its own directory. */
static int
follow_once(struct tree *t, struct replace *r, const struct target *target,
	const char *link)
{
	int from = place_of(r, target)->dir;
	char *slash;

	if (text_copy(r->link, sizeof(r->link), link) < 0)
		return -ENAMETOOLONG;
	slash = strrchr(r->link, '/');
	r->place.path = r->link;
	r->place.name = slash != NULL ? slash + 1 : r->link;
	r->place.dir = from;
	if (slash == NULL)
		return 0;

	char before[PATH_MAX];
	snprintf(before, sizeof(before), "%.*s", (int)(slash + 1 - r->link),
		r->link);
	int dir = target_open(&t->resolver, from, before,
		O_PATH | O_DIRECTORY, 0);
	if (dir < 0)
		return dir;
	if (r->own_dir)
		close(from);
	r->place.dir = dir;
	r->own_dir = true;
	return tree_permit(t, &r->place, PERMISSION_store);
}

/* 0 if the entry is a file, not a link. */
static int
follow(struct tree *t, struct replace *r, const struct target *target)
{
	char link[PATH_MAX];

	for (int i = 0; i < LINKS_MAX; i++) {
		const struct target *at = place_of(r, target);
		ssize_t n = readlinkat(at->dir, at->name, link, sizeof(link));

		if (n < 0)
			return errno == EINVAL ? 0 : -errno;
		if ((size_t)n >= sizeof(link))
			return -ENAMETOOLONG;
		link[n] = '\0';
		int error = follow_once(t, r, target, link);
		if (error < 0)
			return error;
	}
	return -ELOOP;
}

/* In a sticky directory only the owner can replace a file. */
static int
check_directory(const struct tree *t, const struct replace *r,
	const struct target *at)
{
	struct stat st;

	int error = io_access(at->dir, W_OK | X_OK);
	if (error == 0 && fstatat(at->dir, ".", &st, 0) < 0)
		error = -errno;
	if (error < 0)
		return error;
	if ((st.st_mode & S_ISVTX) && t->user.uid != 0 &&
		st.st_uid != t->user.uid && r->old_stat.st_uid != t->user.uid)
		return -EPERM;
	return 0;
}

int
replace_prepare(struct tree *t, struct replace *r, const struct target *target,
	int old)
{
	struct stat st;

	r->old = old;
	if (fstat(old, &r->old_stat) < 0)
		return -errno;
	int error = follow(t, r, target);
	if (error < 0)
		return error;
	const struct target *at = place_of(r, target);
	if (fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	/* It was renamed meanwhile, or is a link that only the kernel can
	 * follow. */
	if (st.st_dev != r->old_stat.st_dev || st.st_ino != r->old_stat.st_ino)
		return -EBUSY;
	return check_directory(t, r, at);
}

/* A file that replaces another gets that one's mode when it is complete; until
 * then other users cannot read it. */
int
replace_make(struct tree *t, struct replace *r, const struct target *target)
{
	int dir = place_of(r, target)->dir;
	mode_t mode = r->old >= 0 ? 0600 : owner_first_mode(t);

	hidden_clean(&t->resolver, &t->hidden, dir, t->user.uid,
		t->settings->max_list_entries);
	int fd = hidden_make(&r->hidden, &t->resolver, &t->hidden, dir, mode);
	r->new = fd < 0 ? -1 : fd;
	return fd;
}

/* --- the old file's owner, mode and ACL */

/* The new file may have an ACL from its directory's default ACL. */
static bool
remove_acl(int fd)
{
	return fremovexattr(fd, ACL_NAME) == 0 || errno == ENODATA ||
		errno == EOPNOTSUPP;
}

static bool
copy_acl(int from, int to)
{
	char acl[ACL_SIZE];
	ssize_t n = fgetxattr(from, ACL_NAME, acl, sizeof(acl));

	if (n < 0 && (errno == ENODATA || errno == EOPNOTSUPP))
		return remove_acl(to);
	return n > 0 && fsetxattr(to, ACL_NAME, acl, (size_t)n, 0) == 0;
}

/* If the group or the ACL cannot be kept, the group gets the same rights as
 * others. */
static int
take_over_mode(const struct replace *r)
{
	mode_t mode = r->old_stat.st_mode & 0777;
	struct stat st;
	bool same;

	if (fstat(r->new, &st) < 0)
		return -errno;
	same = st.st_gid == r->old_stat.st_gid ||
		fchown(r->new, (uid_t)-1, r->old_stat.st_gid) == 0;
	if (!copy_acl(r->old, r->new)) {
		(void)remove_acl(r->new);
		same = false;
	}
	if (!same)
		mode = (mode & ~(mode_t)070) | (mode & 07) << 3;
	return fchmod(r->new, mode) < 0 ? -errno : 0;
}

/* --- into its place */

/* If another file has got the name meanwhile and a process is writing to it,
 * that data would be lost. */
static int
check_not_in_use(struct tree *t, const struct replace *r,
	const struct target *at)
{
	struct stat st;

	if (!t->settings->upload_locking ||
		fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!S_ISREG(st.st_mode))
		return 0;
	if (r->old >= 0 && st.st_dev == r->old_stat.st_dev &&
		st.st_ino == r->old_stat.st_ino)
		return lock_test(r->old, F_RDLCK) == -EAGAIN ? -EAGAIN : 0;
	int fd = target_open(&t->resolver, at->dir, at->name,
		O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return 0;
	int error = lock_file(fd, F_RDLCK);
	close(fd);
	return error == -EAGAIN ? error : 0;
}

/* An SMB server would refuse to replace it; Linux would then delete it, which
 * takes effect when it is closed.  Its lock ends a moment early. */
static void
close_before_rename(struct replace *r)
{
	if (r->old >= 0 && network_fs_is_smb(r->old))
		io_close(&r->old);
}

static int
publish_over(struct tree *t, struct replace *r, const struct target *at)
{
	const struct stat *replaced = r->old >= 0 ? &r->old_stat : NULL;
	int error = check_not_in_use(t, r, at);

	if (error == 0)
		error = hidden_name(&r->hidden, r->new);
	if (error < 0)
		return error;
	close_before_rename(r);
	error = quota_rename_hidden(t->quota, at->dir, r->hidden.name,
		at->name, replaced);
	if (error == 0)
		r->hidden.name[0] = '\0';
	return error;
}

/* Only if the name does not exist.  Nobody may write to the file before it is
 * counted; with a hidden name it is locked already. */
static int
publish_new(const struct tree *t, struct replace *r,
	const struct target *at)
{
	const struct target hidden = { .path = r->hidden.name,
		.dir = at->dir, .name = r->hidden.name };
	int error;

	if (r->hidden.name[0] == '\0') {
		if (t->quota != NULL && t->settings->upload_locking)
			(void)!lock_file(r->new, F_WRLCK);
		return hidden_link(&r->hidden, r->new, at->name);
	}
	error = numbered_rename_if_free(&hidden, at);
	if (error == 0)
		r->hidden.name[0] = '\0';
	return error;
}

/* A network file system may report only now that its disk is full.  On all of
 * those, files have a hidden name. */
static int
flush(const struct tree *t, const struct replace *r)
{
	if (!t->settings->fsync_uploads && r->hidden.name[0] == '\0')
		return 0;
	return fsync(r->new) < 0 ? -errno : 0;
}

int
replace_directory(const struct replace *r, const struct target *target)
{
	return place_of(r, target)->dir;
}

/* Under the target's name, or one with a number. */
static int
publish(struct tree *t, struct replace *r, struct target *target,
	struct numbered *n)
{
	int error;

	if (r->old >= 0)
		return publish_over(t, r, place_of(r, target));
	error = publish_new(t, r, target);
	if (error == -EEXIST && n->overwrite == OVERWRITE_ALLOW)
		return publish_over(t, r, target);
	while (error == -EEXIST && n->overwrite == OVERWRITE_RENAME) {
		error = numbered_next(n, target);
		if (error < 0)
			return error;
		error = publish_new(t, r, target);
	}
	return error;
}

/*
 * The owner is changed before the file has its name.  A file of another owner
 * can be renamed, but not linked; in a sticky directory not even renamed, so
 * there the owner is changed after the file has got its name.
 */
static int
publish_given(struct tree *t, struct replace *r, struct target *target,
	struct numbered *n)
{
	const struct target *at = place_of(r, target);
	struct stat st;
	bool sticky = fstatat(at->dir, ".", &st, 0) < 0 ||
		((st.st_mode & S_ISVTX) && st.st_uid != t->user.uid);
	int error = hidden_name(&r->hidden, r->new);

	if (error == 0 && !sticky)
		error = owner_give(t, r->new);
	if (error == 0)
		error = publish(t, r, target, n);
	if (error < 0 || !sticky)
		return error;
	error = owner_give(t, r->new);
	if (error < 0) {
		at = place_of(r, target);
		(void)same_file_remove(at->dir, at->name, r->new);
	}
	return error;
}

int
replace_publish(struct tree *t, struct replace *r, struct target *target,
	struct numbered *n)
{
	int error = flush(t, r);

	if (error < 0)
		return error;
	if (owner_is_wanted(t))
		return publish_given(t, r, target, n);
	if (r->old >= 0)
		error = take_over_mode(r);
	return error < 0 ? error : publish(t, r, target, n);
}

void
replace_close(struct replace *r)
{
	if (r->new >= 0)
		hidden_remove(&r->hidden, r->new);
	r->new = -1;
	io_close(&r->old);
	if (r->own_dir)
		target_close(&r->place);
	r->own_dir = false;
}
