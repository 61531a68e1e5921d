/*
 * book_removed.c - recently removed files.
 *
 * Runs in: bookkeeper.
 * Never: makes a system call.
 */
#include "common/base.h"
#include "daemon/quota/book_removed.h"

#include "daemon/quota/book_internal.h"

static struct book_removed_row *
row_of(struct book_removed *g, const struct quota_inode *inode)
{
	uint64_t hash = (inode->inode ^ inode->device << 32) *
		UINT64_C(0x9e3779b97f4a7c15);

	return &g->rows[(size_t)(hash >> 32) % BOOK_REMOVED];
}

struct book_removed_row *
book_removed_find(struct book_removed *g, const struct quota_inode *inode,
	int64_t now)
{
	struct book_removed_row *row = row_of(g, inode);

	return row->until >= now && book_same(&row->inode, inode) ? row : NULL;
}

void
book_removed_add(struct book_removed *g, const struct quota_inode *inode,
	const struct quota_count *taken, bool reported, int64_t now)
{
	struct book_removed_row *row = row_of(g, inode);

	if (book_removed_find(g, inode, now) == NULL)
		*row = (struct book_removed_row){ .inode = *inode };
	/* With its generation, an inode never comes back. */
	row->until = now + (inode->generation != 0 ? BOOK_REMOVED_SECONDS :
		BOOK_UNSURE_SECONDS);
	book_add(&row->taken, taken);
	row->reported |= reported;
}

void
book_removed_forget(struct book_removed *g, const struct quota_inode *inode)
{
	struct book_removed_row *row = row_of(g, inode);

	if (book_same(&row->inode, inode))
		row->until = 0;
}
