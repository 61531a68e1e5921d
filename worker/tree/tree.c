/*
 * tree.c - the operations on names, one function each.
 *
 * Runs in: session.  Never: operates on a path; only on one component in an
 * open directory.
 */
#include "common/base.h"

#include "worker/tree/tree.h"

#include "common/kernel_quota.h"
#include "common/settings/settings.h"
#include "worker/reason.h"
#include "worker/tree/counted.h"
#include "worker/tree/name_rules.h"
#include "worker/tree/numbered.h"
#include "worker/tree/quota_remove.h"

#include <fcntl.h>
#include <sys/statvfs.h>

/* The component may have become a link since. */
int
tree_no_follow(const struct tree *t)
{
	return t->resolver.careful ? AT_SYMLINK_NOFOLLOW : 0;
}

void
tree_record(enum event_type type, const struct target *at,
	const struct target *second, int error, int32_t code)
{
	struct event e = event_new(type);
	BUFFER(path, 2 * PATH_MAX);
	BUFFER(path2, 2 * PATH_MAX);

	target_path(at, &path);
	e.path = buffer_text(&path);
	if (second != NULL) {
		target_path(second, &path2);
		e.path2 = buffer_text(&path2);
	}
	e.code = code;
	e.ok = error == 0;
	e.text = e.ok ? NULL : reason_text(-error);
	event_send(&e);
}

/* Convert the result of a system call. */
static int
result(int r)
{
	return r < 0 ? -errno : 0;
}

int
tree_stat(struct tree *t, const char *path, struct stat *st)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_list);

	if (error == 0)
		error = result(fstatat(at.dir, at.name, st, tree_no_follow(t)));
	target_close(&at);
	return error;
}

int
tree_stat_entry(struct tree *t, int dir, const char *name, struct stat *st)
{
	struct target at = { .path = name, .dir = -1, .name = name };
	int error;

	if (!t->resolver.careful)
		return result(fstatat(dir, name, st, 0));
	if (fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISLNK(st->st_mode))
		return 0;
	at.dir = openat(dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	error = at.dir < 0 ? -errno : target_follow(&t->resolver, &at);
	if (error == 0)
		error = tree_permit(t, &at, PERMISSION_list);
	if (error == 0)
		error = result(fstatat(at.dir, at.name, st,
			AT_SYMLINK_NOFOLLOW));
	target_close(&at);
	return error;
}

/* A dangling link is itself shown, also if links are followed one by one. */
static int
look_up(const struct tree *t, const struct target *at, struct stat *st)
{
	if (fstatat(at->dir, at->name, st, tree_no_follow(t)) == 0)
		return 0;
	return result(fstatat(at->dir, at->name, st, AT_SYMLINK_NOFOLLOW));
}

/* For "." and "..", the containing directory is not known. */
static void
describe(const struct tree *t, const struct target *at, const struct stat *st,
	struct fact_user *user, struct stat *dir)
{
	*user = tree_user_in(t, at->has_place ? at->place : at->dir);
	if (S_ISDIR(st->st_mode))
		tree_user_inside(t, user, at->dir, at->name);
	int fd = at->dir >= 0 ? at->dir :
		openat(at->dir, ".", O_PATH | O_CLOEXEC);
	tree_user_on_mount(user, fd);
	if (fd != at->dir)
		close(fd);
	if (target_names_directory(at->name) ||
	    fstatat(at->dir, "", dir, AT_EMPTY_PATH) < 0)
		*dir = (struct stat){ .st_mode = 0 };
}

static int
find(struct tree *t, struct target *at, const char *path, struct stat *st)
{
	int error = tree_enter(t, at, path, PERMISSION_list);

	if (error == 0)
		error = look_up(t, at, st);
	if (error != -ENOENT || !t->resolver.careful)
		return error;
	target_close(at);
	error = tree_enter_link(t, at, path, PERMISSION_list);
	return error < 0 ? error : look_up(t, at, st);
}

int
tree_look_up(struct tree *t, const char *path, struct stat *st,
	struct fact_user *user, struct stat *dir, struct buffer *absolute)
{
	struct target at;
	int error = find(t, &at, path, st);

	if (error == -ENOENT && strcmp(path, "~") == 0) {
		target_close(&at);
		return tree_look_up(t, target_home(&t->resolver), st, user,
			dir, absolute);
	}
	if (error == 0) {
		target_path(&at, absolute);
		describe(t, &at, st, user, dir);
	}
	target_close(&at);
	return error;
}

/* For a directory, the rules of the directory itself apply. */
static int
open_directory(struct tree *t, const char *path, int flags,
	uint32_t permission)
{
	struct target at = { .path = path, .name = "." };
	int error;

	at.dir = target_open_directory(&t->resolver, path, flags);
	if (at.dir < 0)
		return at.dir;
	error = tree_permit(t, &at, permission);
	if (error == 0)
		return at.dir;
	target_close(&at);
	return error;
}

int
tree_open_directory(struct tree *t, const char *path)
{
	return open_directory(t, path, O_RDONLY, PERMISSION_list);
}

int
tree_change_directory(struct tree *t, const char *path)
{
	int dir = open_directory(t, path, O_PATH, PERMISSION_enter);
	int error;

	if (dir < 0)
		return dir;
	error = result(fchdir(dir));
	close(dir);
	return error;
}

/* What is left of a quota, the kernel's or the ledger's, may be less. */
static void
limit_space(struct tree *t, int dir, uint64_t *bytes)
{
	int64_t kernel = kernel_quota_bytes(dir);

	if (kernel >= 0 && (uint64_t)kernel < *bytes)
		*bytes = (uint64_t)kernel;
	if (quota_counts(t->quota, dir) && quota_ask(t->quota, true) == 0 &&
	    (uint64_t)t->quota->to.last.free.bytes < *bytes)
		*bytes = (uint64_t)t->quota->to.last.free.bytes;
}

int
tree_free_space(struct tree *t, const char *path, uint64_t *bytes)
{
	int dir = open_directory(t, path, O_PATH, PERMISSION_list);
	struct statvfs fs;
	int error;

	if (dir < 0)
		return dir;
	error = result(fstatvfs(dir, &fs));
	if (error == 0) {
		*bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
		limit_space(t, dir, bytes);
	}
	close(dir);
	return error;
}

int
tree_make_directory(struct tree *t, const char *path, struct buffer *made)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_make_directory);

	if (error == 0)
		error = counted_make_directory(t, &at);
	tree_record(EVENT_mkdir, &at, NULL, error, 0);
	if (error == 0)
		target_path(&at, made);
	target_close(&at);
	return error;
}

int
tree_check_held(const struct tree *t, const struct target *at)
{
	struct stat st;

	if (t->rules == NULL || fstatat(at->dir, at->name, &st,
		AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
		return 0;
	return rules_hold(t->rules, &st) ? -EBUSY : 0;
}

static bool
is_directory(const struct target *at)
{
	struct stat st;

	return fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode);
}

/* DELE, RMD. */
static int
unlink_name(struct tree *t, const char *path, int flags, enum event_type event)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_delete);

	if (error == 0)
		error = tree_check_held(t, &at);
	if (error == 0)
		error = quota_unlink(t->quota, at.dir, at.name, flags);
	tree_record(event, &at, NULL, error, 0);
	target_close(&at);
	return error;
}

/* Temporary files of uploads must not prevent its removal. */
static void
remove_left_over(struct tree *t, const char *path)
{
	int dir = !t->settings->atomic_uploads ? -1 :
		open_directory(t, path, O_RDONLY, PERMISSION_delete);

	if (dir < 0)
		return;
	hidden_clean(&t->resolver, &t->hidden, dir, t->user.uid,
		t->settings->max_list_entries);
	close(dir);
}

int
tree_remove_directory(struct tree *t, const char *path)
{
	remove_left_over(t, path);
	return unlink_name(t, path, AT_REMOVEDIR, EVENT_rmdir);
}

int
tree_delete(struct tree *t, const char *path)
{
	return unlink_name(t, path, 0, EVENT_delete);
}

int
tree_may_rename(struct tree *t, const char *path)
{
	struct target at;
	struct stat st;
	int error = tree_enter(t, &at, path, PERMISSION_rename);

	if (error == 0)
		error = result(fstatat(at.dir, at.name, &st,
			AT_SYMLINK_NOFOLLOW));
	if (error < 0)
		tree_record(EVENT_rename, &at, NULL, error, 0);
	target_close(&at);
	return error;
}

/* EINVAL has other meanings as well. */
static bool
is_moved_into_itself(const struct target *old, const struct target *new)
{
	struct stat st;

	return fstatat(old->dir, old->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode) && rules_is_below(new->dir, &st);
}

int
tree_rename(struct tree *t, const char *from, const char *to,
	struct buffer *numbered)
{
	struct target old, new;
	struct numbered n;
	int error = tree_enter(t, &old, from, PERMISSION_rename);
	int error_new = tree_enter(t, &new, to, PERMISSION_rename);

	numbered_init(&n, to, t->settings);
	if (error == 0)
		error = error_new;
	if (error == 0 && !is_directory(&old))
		error = name_rules_check_new(t->settings, new.name);
	if (error == 0)
		error = tree_check_held(t, &old);
	if (error == 0)
		error = tree_check_held(t, &new);
	if (error == 0)
		error = counted_rename(t, &old, &new, &n);
	if (error == -EINVAL && is_moved_into_itself(&old, &new))
		error = -REASON_INSIDE;
	tree_record(EVENT_rename, &old, &new, error, 0);
	if (error == 0 && n.number > 0)
		buffer_add_text(numbered, n.path);
	target_close(&old);
	target_close(&new);
	return error;
}
