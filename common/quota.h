/*
 * quota.h - what quotas count, and how much.
 *
 * The bookkeeper, the scanner and the session all count by quota_weight(), so
 * that a file that was stored, scanned and deleted adds up to nothing.
 */
#ifndef COMMON_QUOTA_H
#define COMMON_QUOTA_H

#include "common/base.h"

#include <sys/stat.h>

/* What a directory holds, or a change of it. */
struct quota_count {
	int64_t bytes, files;
};

/* A file or directory; 0: none.  Inode numbers are used again for new files;
 * the generation of those is another one.  0: not known. */
struct quota_inode {
	uint64_t device, inode;
	uint64_t generation;
};

enum quota_change_kind {
	QUOTA_CHANGE_ENTRY,	/* an entry appeared in or vanished from a
				 * directory */
	QUOTA_CHANGE_FILE,	/* the content of a file changed */
	QUOTA_CHANGE_MOVED,	/* a file was moved to another directory, which
				 * is in dev and ino */
	QUOTA_CHANGE_TREE,	/* a directory was moved, with all that is in
				 * it */
	QUOTA_CHANGES
};

/* A change, already made, to a tree that is being scanned
 * (daemon/quota/scan.h). */
struct quota_change {
	int32_t kind;		/* enum quota_change_kind */
	int32_t files;		/* +1, -1 or 0 */
	int32_t there;		/* 1: the file counts after it, 0: it has gone;
				 * if its content changed */
	uint64_t dir_dev, dir_ino;
	uint64_t dev, ino;	/* of the file; 0: not known, if its content
				 * did not change */
	int64_t before, after;	/* the bytes that count */
	int64_t from, to;	/* clock_ns() before and after the change; an
				 * upload takes from its opening to its end */
};

/* Negative: no limit. */
struct quota_limits {
	int64_t bytes, files;
	int64_t soft_bytes, soft_files;
	int64_t grace;		/* seconds */
};

/* Why something is refused. */
enum quota_refusal {
	QUOTA_GRANTED,
	QUOTA_BYTES_EXCEEDED,
	QUOTA_FILES_EXCEEDED,
	QUOTA_GRACE_OVER,	/* a soft limit, for longer than its grace */
	QUOTA_NOT_COUNTED,	/* the directory is being counted */
	QUOTA_REFUSALS
};

/* The words of quota_count. */
#define QUOTA_DIRECTORIES 1u
#define QUOTA_SYMLINKS    2u
#define QUOTA_BLOCKS      4u

#define QUOTA_DIRECTORY_BYTES 4096	/* of each directory: its own size
					 * would depend on the file system and
					 * on names that it no longer has */

/* Where quota_file is if it is empty. */
#define QUOTA_DEFAULT_DIRECTORY "/var/lib/sureftpd/quota"

/* The bits of a (checked) list of words. */
unsigned quota_kinds(const char *words);

/* How much one entry of a directory counts: nothing if it is of a kind that
 * does not.  The directory quota_root itself does not count. */
struct quota_count quota_weight(const struct stat *st, unsigned kinds);

/* An open file or directory, with its generation where the file system tells
 * it. */
struct quota_inode quota_inode_of(int fd, const struct stat *st);

#endif
