/*
 * placing.h - passes changes of a count on to the scan that is going on in the
 * directory, which can tell whether they are in its result.
 */
#ifndef DAEMON_QUOTA_PLACING_H
#define DAEMON_QUOTA_PLACING_H

#include "common/base.h"
#include "daemon/quota/scans.h"

/* Around everything that may change the count of a book. */
struct placing {
	struct shelf_book *book;
	struct quota_count before;	/* of book.meanwhile */
	bool disturbed;
};

void placing_begin(struct placing *p, struct shelf_book *book);

/* An entry appeared or vanished, as the session has reported. */
void placing_end_entry(struct placing *p,
	const struct quota_entry *e);

/* An upload now weighs this much; when it was counted last. */
void placing_end_file(struct placing *p, const struct book_weight *w,
	const struct quota_inode *dir, int64_t from);

void placing_moved(struct shelf_book *book,
	const struct message_quota_moved *m);

#endif
