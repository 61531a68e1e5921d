/*
 * placing.h - passes changes of a count to the running scan of the directory,
 * which determines whether its result includes them.
 */
#ifndef DAEMON_QUOTA_PLACING_H
#define DAEMON_QUOTA_PLACING_H

#include "common/base.h"
#include "daemon/quota/scan_job.h"

/* Call placing_begin() before anything that may change the count of a book, and
 * one of the others after it. */
struct placing {
	struct store_book *book;
	struct quota_count before;	/* of book.meanwhile */
	bool disturbed;
};

void placing_begin(struct placing *p, struct store_book *book);

/* An entry appeared or vanished, as the session has reported. */
void placing_end_entry(struct placing *p,
	const struct quota_entry *e);

/* An upload now has this weight; `from`: when it was weighed last. */
void placing_end_file(struct placing *p, const struct book_weight *w,
	const struct quota_inode *dir, int64_t from);

/* A new file, of whose upload the book does not know yet, is not to be in the
 * result; only while a scan runs.  False if that is not certain. */
bool placing_not_counted(struct store_book *book,
	const struct quota_inode *file, const struct quota_inode *dir,
	int64_t from) MUST_CHECK;

/* The book hears of a new file, for which that was not done, and which was
 * created since then (clock_ns()): a scan that has ended meanwhile may have
 * counted it. */
void placing_created(struct store_book *book, int64_t from);

/* Something was renamed inside the directory. */
void placing_moved(struct store_book *book,
	const struct message_quota_moved *m);

#endif
