/*
 * scan_levels.h - the directories from the root of a scan down to the one that
 * is being read.
 *
 * Only the root and the lowest few are open.  The others are opened again by
 * "..", from below, and recognised by device and inode; reading goes on after
 * the last entry.
 */
#ifndef DAEMON_QUOTA_SCAN_LEVELS_H
#define DAEMON_QUOTA_SCAN_LEVELS_H

#include "common/base.h"

#define SCAN_MAX_OPEN  32	/* and the root */
#define SCAN_MAX_DEPTH 65536

struct scan_level {
	int fd;			/* -1: closed for now */
	bool descending;	/* its entries are counted */
	uint64_t dev, ino;
	int64_t offset;		/* after the last entry taken */
	char *data;		/* entries, or NULL */
	size_t at, len;
	bool has_subdirs;
};

struct scan_levels {
	struct scan_level *list;
	size_t count, size;
};

struct scan_entry {
	const char *name;	/* until the next call */
	unsigned char type;	/* DT_ constant */
};

/* Go down into an open directory, which the level closes.  0; -ELOOP below
 * SCAN_MAX_DEPTH; or -errno, with fd closed. */
int scan_levels_push(struct scan_levels *s, int fd, uint64_t dev, uint64_t ino)
	MUST_CHECK;

/* The level that is being read; there must be one. */
struct scan_level *scan_levels_top(const struct scan_levels *s);

/* Its next entry but "." and ".."; 1, 0 at the end, or -errno. */
int scan_levels_next(struct scan_levels *s, struct scan_entry *entry)
	MUST_CHECK;

/* Read the entries of the top level from the beginning.  0 or -errno. */
int scan_levels_rewind(struct scan_levels *s) MUST_CHECK;

/* Leave the top level.  0; or -errno if the one above could not be opened
 * again: it was moved, and all but the root are left. */
int scan_levels_pop(struct scan_levels *s) MUST_CHECK;

void scan_levels_clear(struct scan_levels *s);

#endif
