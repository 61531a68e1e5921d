/*
 * scan.h - counts what a directory tree contains, while it may change.
 *
 * The scan is done in steps, with the rights of the process that runs it. It
 * follows no symbolic links, counts a file with several links once, and keeps
 * few directories open and little memory in use, however large or deep the tree
 * is.
 *
 * Each directory is read completely before the directories in it, and the times
 * when that began and ended are remembered.  So a change that is reported to
 * the scan (scan_change()) can be placed: if it was made before its directory
 * was read, it is counted already; if afterwards, it is added.  Changes of a
 * file's content are placed by its inode: files whose ctime is not older than
 * the scan are remembered with what was counted for them.  A change that cannot
 * be placed makes the result inexact: the scan must be repeated while nothing
 * changes.
 */
#ifndef DAEMON_QUOTA_SCAN_H
#define DAEMON_QUOTA_SCAN_H

#include "common/base.h"
#include "common/quota.h"
#include "daemon/quota/inode_table.h"
#include "daemon/quota/scan_levels.h"

/* Maximum number of remembered inodes in each table (24 MiB). */
#define SCAN_MAX_REMEMBERED ((size_t)1 << 18)

/* What counts. */
struct scan_rules {
	unsigned kinds;		/* QUOTA_ bits of common/quota.h */
	bool all_file_systems;	/* otherwise only the root's */
	/* A file that is not counted, such as the ledger; 0: none. */
	uint64_t skip_dev, skip_ino;
	size_t max_remembered;	/* 0: SCAN_MAX_REMEMBERED */
};

struct scan_sum {
	struct quota_count count;	/* without the root directory */
	uint64_t entries;	/* that were looked at */
	uint64_t directories;	/* that were read */
	uint64_t unreadable;	/* directories that could not be read, and
				 * entries that could not be examined */
	uint8_t links_full;	/* a file with several links may have been
				 * counted more than once: too many of them */
	uint8_t inexact;	/* changes could not be placed */
};

struct scan {
	struct scan_rules rules;
	struct scan_sum sum;
	struct scan_levels levels;
	uint64_t root_dev;
	int64_t begun;		/* clock_ns() */
	int64_t recent;		/* ctime in ns from which a file is recent */
	int64_t clocks;		/* wall time - clock_ns() at the start */
	struct inode_table links;	/* a, b: 1 */
	struct inode_table recents;	/* recently changed files; a: bytes
					 * counted, b, c: examined between
					 * these times; used: the change at
					 * that time was placed */
	struct inode_table dirs;	/* a, b: read from, to */
	struct inode_table removed;	/* by reported changes; a: when, the
					 * last time, b: how often */
	bool incomplete;	/* a directory or a recent file could not be
				 * remembered, or was seen twice */
	struct quota_change *pending;
	size_t npending;
};

/* Begin at an open directory, which the scan closes.  0 or -errno. */
int scan_start(struct scan *s, int root, const struct scan_rules *rules)
	MUST_CHECK;

/* Examine about this many entries.  1: there are more; 0: done; or -errno, if
 * there is no memory or the root cannot be read. */
int scan_step(struct scan *s, unsigned entries) MUST_CHECK;

/* Is the scan in the middle of a directory?  Changes to it cannot be placed
 * until it is read, so this is no time for a pause. */
bool scan_is_reading(const struct scan *s);

/* Report a change; between two steps, or after the last. */
void scan_change(struct scan *s, const struct quota_change *change);

/* After the last step: place the pending changes, and return the result. */
void scan_result(struct scan *s, struct scan_sum *sum);

void scan_end(struct scan *s);

#endif
