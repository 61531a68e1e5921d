/*
 * quota_mark.h - the directory and time of a change that counts for a quota,
 * for a scan that runs at the same time (daemon/quota/scan.h).
 */
#ifndef WORKER_TREE_QUOTA_MARK_H
#define WORKER_TREE_QUOTA_MARK_H

#include "common/base.h"
#include "common/process/message_quota.h"

#include <sys/stat.h>

struct quota_mark {
	struct quota_inode dir;		/* 0: not known */
	int64_t from;			/* clock_ns() before the change */
};

struct quota_inode quota_mark_inode(const struct stat *st);

/* Before a change in an open directory (or AT_FDCWD). */
struct quota_mark quota_mark_now(int dir);

#endif
