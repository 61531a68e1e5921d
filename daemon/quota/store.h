/*
 * store.h - the books that are in use: one for each quota_root with sessions.
 *
 * A book is opened with its first session, from quota_file, and closed with its
 * last one.  It is written at most once a second while it changes, and when the
 * last session has ended; if it can then neither be written nor removed, it
 * stays in use until it can.  When its count is missing, old or wrong, the
 * directory is scanned (scan_job.h).
 */
#ifndef DAEMON_QUOTA_STORE_H
#define DAEMON_QUOTA_STORE_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/quota_attach.h"
#include "daemon/quota/book.h"
#include "daemon/quota/book_file.h"

struct store_book {
	struct book book;
	struct book_path path;
	struct quota_attach attach;	/* of the session that came last */
	struct quota_limits limits;	/* its limits */
	struct quota_inode root;	/* as a session has found it; 0: none */
	bool doubled;			/* logged that another book has it */
	unsigned sessions;
	int64_t counted_at;	/* wall time of the last scan; 0: never */
	int64_t wait_until;	/* clock_ms(): sessions wait for a first count
				 * until then */
	int64_t scan_at;	/* clock_ms() of the next scan; CLOCK_NEVER */
	int64_t scanned_to;	/* clock_ns() at the end of the last scan */
	int64_t changed_at;	/* clock_ms() of the last change */
	int64_t changes_seen;	/* of struct book, when that was noted */
	int64_t written_at, checked_at;	/* clock_ms(), of its file */
	bool unwritten;
	bool complained;	/* logged that it cannot be written */
	bool rarely;		/* nor could it be after the last session: it is
				 * tried less often */
	struct scan_job *scan;	/* running, or NULL */
	bool failed;		/* the last scan has */
	unsigned inexact;	/* consecutive scans that were disturbed */
	bool gaps_logged;
	int64_t wanted_at;	/* clock_ms() of when it was found that a scan
				 * is needed */
	struct store_book *next;
};

struct store {
	struct store_book *books;
	struct book_removed removed;
};

/* The book of this quota_root, for one more session; NULL if out of memory. */
struct store_book *store_open(struct store *s, const struct quota_attach *a);

/* A session has ended. */
void store_leave(struct store_book *b);

/* A session says that this is the directory.  If another book has the same one,
 * under another path, that is logged. */
void store_found_root(const struct store *s, struct store_book *b,
	const struct quota_inode *root);

/* The count may have changed. */
void store_changed(struct store_book *b);

/* A scan has ended; found is NULL if it failed. */
void store_scanned(struct store_book *b, const struct quota_count *found);

/* May a session still wait for the first count? */
bool store_waits(const struct store_book *b);

/* Write what is due, and close books that are not used.  Returns when to call
 * it again. */
int64_t store_step(struct store *s, int64_t now);

/* A book that has to be scanned now, or NULL. */
struct store_book *store_needs_scan(struct store *s, int64_t now);

#endif
