/*
 * book.h - the count of one quota_root, and what running uploads may add to it.
 *
 * Makes no system calls: the caller examines files and passes how much they
 * count, their weight (quota_weight()).
 *
 * An upload has a row for its file, shared by all uploads to the same file,
 * with how much of it is in the count.  The file may grow to a size that was
 * granted; the difference is reserved, so that uploads of several sessions
 * together never exceed the limit.  At the end of the upload, the change of the
 * file's weight since then is added to the count.
 */
#ifndef DAEMON_QUOTA_BOOK_H
#define DAEMON_QUOTA_BOOK_H

#include "common/base.h"
#include "common/process/message_quota.h"
#include "common/quota.h"
#include "daemon/quota/book_removed.h"

/* A file with running uploads. */
struct book_file {
	struct quota_inode inode;
	struct quota_count counted;	/* in the count */
	struct quota_count assumed;	/* the part of it that was assumed to be
					 * in the count when it was opened */
	unsigned uploads;
	struct book_file *next;
};

/* An upload, or something else that is about to be created. */
struct book_upload {
	struct book_file *file;		/* NULL: none */
	int64_t size;			/* it may grow to */
	struct quota_count reserved;	/* by this upload */
	struct quota_inode replaced;	/* a file whose space it may use */
	int64_t credit;			/* the bytes of that file */
	struct book_upload *next;	/* private */
};

struct book {
	struct quota_count count;
	struct quota_count reserved;	/* by all uploads */
	bool known;		/* the count was read or scanned */
	bool suspect;		/* it may be wrong */
	int64_t changes;	/* since the last scan */
	int64_t bytes_since;	/* wall time in seconds at which a soft limit */
	int64_t files_since;	/* was exceeded; 0: it is not */
	struct book_file *files;
	struct book_upload *uploads;
	struct book_removed *removed;	/* not owned */
	/* A scan is running: changes since it began. */
	bool scanning;
	bool disturbed;		/* it is not known whether its result includes
				 * all of them (placing.h) */
	struct quota_count meanwhile;
};

void book_init(struct book *b, struct book_removed *removed);
void book_clear(struct book *b);

/* A file as it is now. */
struct book_weight {
	struct quota_inode inode;
	struct quota_count count;	/* 0 if it has no name any more */
	bool removed;
};

/* An upload begins, as in the message.  *u must be zeroed.  If it is refused,
 * nothing is reserved; but a new file exists until the session has removed it,
 * so book_settle() has to be called nevertheless. */
enum quota_refusal book_begin(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	const struct message_quota_upload *m, int64_t now) MUST_CHECK;

/* The file needs this size.  If it is granted, u->size is larger than before,
 * but may be smaller than requested. */
enum quota_refusal book_grow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	int64_t size, int64_t now) MUST_CHECK;

/* It is complete, and will not replace the file whose space it may use.  If
 * this is refused, it must be removed. */
enum quota_refusal book_cancel_replace(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w)
	MUST_CHECK;

/* Update the count during the upload. */
void book_refresh(struct book *b, struct book_upload *u,
	const struct book_weight *w);

/* The upload has ended. */
void book_settle(struct book *b, struct book_upload *u,
	const struct book_weight *w, int64_t now);

/* Reserve, until book_release(), what is about to be created. */
enum quota_refusal book_claim(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct quota_count *count,
	int64_t now) MUST_CHECK;
void book_release(struct book *b, struct book_upload *u);

/* What a session may store without asking first, if much more is free, also
 * below the soft limits.  It is reserved, and replaces the session's previous
 * allowance.  book_allowed(): this much of it was used, and is no longer
 * reserved. */
struct quota_count book_allow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits);
void book_allowed(struct book *b, struct book_upload *u,
	const struct quota_count *used);

/* Something was created or removed. */
void book_change(struct book *b, const struct quota_entry *m,
	int64_t now);

/* How much is free; INT64_MAX without a limit. */
struct quota_count book_free(const struct book *b,
	const struct quota_limits *limits);

/* Note since when soft limits are exceeded.  Returns the seconds that are left
 * of the grace time, -1 if none is exceeded. */
int64_t book_grace(struct book *b, const struct quota_limits *limits,
	int64_t now);

/* A scan begins; it has ended with this result.  If the scan was disturbed, a
 * count that was known before is kept, and is `suspect`. */
void book_scan(struct book *b);
void book_scanned(struct book *b, const struct quota_count *found);

#endif
