/*
 * quota_mark.c - the directory and time of a change that counts for a quota.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_mark.h"

#include "common/clock.h"

#include <fcntl.h>

struct quota_inode
quota_mark_inode(const struct stat *st)
{
	return (struct quota_inode){ st->st_dev, st->st_ino, 0 };
}

struct quota_mark
quota_mark_now(int dir)
{
	struct quota_mark mark = { .from = clock_ns() };
	struct stat st;

	if (fstatat(dir, "", &st, AT_EMPTY_PATH) == 0)
		mark.dir = quota_mark_inode(&st);
	return mark;
}
