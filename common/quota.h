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

/* Negative: no limit. */
struct quota_limits {
	int64_t bytes, files;
	int64_t soft_bytes, soft_files;
	int64_t grace;		/* seconds */
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

#endif
