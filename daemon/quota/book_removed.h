/*
 * book_removed.h - recently removed files of all directories, so that none is
 * counted twice.
 *
 * A hash table in which a newer file overwrites an older one.
 */
#ifndef DAEMON_QUOTA_BOOK_REMOVED_H
#define DAEMON_QUOTA_BOOK_REMOVED_H

#include "common/base.h"
#include "common/quota.h"

#define BOOK_REMOVED 8192		/* files that are remembered */
#define BOOK_REMOVED_SECONDS 60		/* for so long; without a generation, */
#define BOOK_UNSURE_SECONDS  2		/* only so long */

struct book_removed_row {
	struct quota_inode inode;
	int64_t until;
	struct quota_count taken;	/* from the count */
	bool reported;		/* by the session that removed it */
};

struct book_removed {
	struct book_removed_row rows[BOOK_REMOVED];
};

/* This file's row, or NULL. */
struct book_removed_row *book_removed_find(struct book_removed *g,
	const struct quota_inode *inode, int64_t now);

/* It was removed, which took this much from the count, in addition to what was
 * taken before. */
void book_removed_add(struct book_removed *g, const struct quota_inode *inode,
	const struct quota_count *taken, bool reported, int64_t now);

/* It is there: its inode number was used again. */
void book_removed_forget(struct book_removed *g,
	const struct quota_inode *inode);

#endif
