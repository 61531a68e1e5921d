/*
 * tree_change.c - the operations that change times, modes, owners and groups.
 *
 * Runs in: session.  Never: operates on a path; only on one component in an
 * open directory.
 */
#include "common/base.h"

#include "worker/tree/tree.h"

#include "common/process/change_owner.h"
#include "common/settings/settings.h"
#include "worker/tree/owner.h"

#include <fcntl.h>

int
tree_set_time(struct tree *t, const char *path, const struct timespec *when)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, *when };

	return tree_set_times(t, path, times);
}

int
tree_set_times(struct tree *t, const char *path,
	const struct timespec times[2])
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_set_time);

	if (error == 0 &&
	    utimensat(at.dir, at.name, times, tree_no_follow(t)) < 0)
		error = -errno;
	tree_record(EVENT_mtime, &at, NULL, error, 0);
	target_close(&at);
	return error;
}

int
tree_change_mode(struct tree *t, const char *path, mode_t mode)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_change_mode);

	if (error == 0)
		error = change_mode(&t->resolver, &at, mode,
			t->settings->allow_special_modes);
	tree_record(EVENT_chmod, &at, NULL, error, (int32_t)mode);
	target_close(&at);
	return error;
}

/* The kernel returns the same error for accounts other than root. */
static bool
is_member(const struct tree *t, gid_t gid)
{
	bool member = gid == t->user.gid;

	for (size_t i = 0; i < t->user.ngroups && !member; i++)
		member = t->user.groups[i] == gid;
	return member;
}

/* The kernel allows that for groups of the account and its own files; with
 * allow_chown the monitor decides about all others. */
static int
change_group(struct tree *t, const struct target *at, gid_t gid)
{
	int error = -EPERM;

	if (is_member(t, gid))
		error = fchownat(at->dir, at->name, (uid_t)-1, gid,
			tree_no_follow(t)) < 0 ? -errno : 0;
	if (error == -EPERM && t->settings->allow_chown)
		error = owner_change(t, at, CHANGE_OWNER_KEEP, (int64_t)gid);
	return error;
}

int
tree_change_group(struct tree *t, const char *path, gid_t gid)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_change_mode);

	if (error == 0)
		error = change_group(t, &at, gid);
	tree_record(EVENT_chgrp, &at, NULL, error, (int32_t)gid);
	target_close(&at);
	return error;
}

int
tree_change_owner(struct tree *t, const char *path, uid_t uid)
{
	struct target at;
	int error = tree_enter(t, &at, path, PERMISSION_change_mode);

	if (error == 0)
		error = owner_change(t, &at, (int64_t)uid, CHANGE_OWNER_KEEP);
	tree_record(EVENT_chown, &at, NULL, error, (int32_t)uid);
	target_close(&at);
	return error;
}
