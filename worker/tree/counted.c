/*
 * counted.c - mkdir, symlink and rename, counted for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/counted.h"

#include "common/settings/settings.h"
#include "worker/tree/quota_rename.h"

#include <fcntl.h>

#define TRIES 10		/* while other sessions use the names */

/* Nothing without a quota. */
static struct quota_count
weight(const struct tree *t, const struct stat *st)
{
	if (t->quota == NULL)
		return (struct quota_count){ 0, 0 };
	return quota_weight(st, t->quota->kinds);
}

static int
make_directory(const struct tree *t, const struct target *at)
{
	int mask = t->settings->directory_umask;	/* -1: umask */
	mode_t before = mask >= 0 ? umask((mode_t)mask) : 0;
	int error = mkdirat(at->dir, at->name, 0777) < 0 ? -errno : 0;

	if (mask >= 0)
		umask(before);
	return error;
}

/* What is there already needs no room; clients that make all directories of a
 * path go on after this error. */
static int
claim(const struct tree *t, const struct target *at, struct quota_count count)
{
	struct stat st;
	int error = quota_claim(t->quota, at->dir, count);

	return error < 0 && fstatat(at->dir, at->name, &st,
		AT_SYMLINK_NOFOLLOW) == 0 ? -EEXIST : error;
}

int
counted_make_directory(const struct tree *t, const struct target *at)
{
	const struct stat st = { .st_mode = S_IFDIR };
	const struct quota_count count = weight(t, &st);
	int error = claim(t, at, count);

	if (error < 0)
		return error;
	error = make_directory(t, at);
	if (count.files > 0)
		quota_created(t->quota, at->dir, at->name, error);
	return error;
}

int
counted_make_link(const struct tree *t, const char *target,
	const struct target *at)
{
	const struct stat st = { .st_mode = S_IFLNK,
		.st_size = (off_t)strlen(target) };
	const struct quota_count count = weight(t, &st);
	int error = claim(t, at, count);

	if (error < 0)
		return error;
	if (symlinkat(target, at->dir, at->name) < 0)
		error = -errno;
	if (count.files > 0)
		quota_created(t->quota, at->dir, at->name, error);
	return error;
}

/* Whether something is replaced must be known in advance, to report it. */
static int
rename_over(const struct tree *t, struct quota_rename *r,
	const struct target *old, struct target *new, struct numbered *n)
{
	int error = -EAGAIN;

	for (int i = 0; i < TRIES && error == -EAGAIN; i++) {
		error = numbered_rename_if_free(old, new);
		if (error == -EEXIST)
			error = quota_rename_over(t->quota, r, old, new);
	}
	if (error != -EAGAIN && error != -ENOSYS)
		return error;
	quota_rename_replaces(t->quota, r, new->dir, new->name);
	return numbered_rename(old, new, n);
}

int
counted_rename(const struct tree *t, const struct target *old,
	struct target *new, struct numbered *n)
{
	struct quota_rename r;

	if (t->quota == NULL)
		return numbered_rename(old, new, n);
	int error = quota_rename_begin(t->quota, &r, old->dir, old->name,
		new->dir);
	if (error == 0)
		error = n->overwrite == OVERWRITE_ALLOW ?
			rename_over(t, &r, old, new, n) :
			numbered_rename(old, new, n);
	quota_rename_end(t->quota, &r, error);
	return error;
}
