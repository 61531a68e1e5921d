/*
 * book.h - the count of one quota_root, and what running uploads may add to it.
 *
 * No system calls: what files weigh is told by the caller, who examines them.
 *
 * An upload has a row for its file, shared by all uploads to the same file,
 * with what of it is in the count.  It may grow to a size that was granted; the
 * difference is reserved, so that uploads of several sessions together never
 * exceed the limit.  When it ends, the row says what has to be added.
 */
#ifndef DAEMON_QUOTA_BOOK_H
#define DAEMON_QUOTA_BOOK_H

#include "common/base.h"
#include "common/process/message_quota.h"
#include "common/quota.h"

#define BOOK_GONE 8192		/* removed files that are remembered */
#define BOOK_GONE_SECONDS 2	/* for so long */

/* What was removed just now, in all directories; a row may be overwritten. */
struct book_gone {
	struct {
		struct quota_inode inode;
		int64_t until;
		bool reported;	/* by the session that removed it */
	} rows[BOOK_GONE];
};

/* A file with running uploads. */
struct book_file {
	struct quota_inode inode;
	struct quota_count counted;	/* in the count */
	struct quota_count assumed;	/* of this: was counted before it was
					 * opened, or so it seemed */
	unsigned uploads;
	struct book_file *next;
};

/* An upload, or something else that is about to be created. */
struct book_upload {
	struct book_file *file;		/* NULL: none */
	int64_t size;			/* it may grow to */
	struct quota_count reserved;	/* by this upload */
	struct quota_inode replaced;	/* whose room it may use: */
	int64_t credit;
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
	struct book_gone *gone;	/* not owned */
	/* A scan is running: changes since it began. */
	bool scanning;
	bool disturbed;		/* there were some that may be in its result
				 * or not (placing.h) */
	struct quota_count meanwhile;
};

void book_init(struct book *b, struct book_gone *gone);
void book_clear(struct book *b);

/* A file as it is now. */
struct book_weight {
	struct quota_inode inode;
	struct quota_count count;	/* 0 if it has no name any more */
	bool gone;
};

/* An upload begins, as in the message.  *u must be zeroed.  If it is refused,
 * nothing has changed. */
enum quota_refusal book_begin(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	const struct message_quota_upload *m, int64_t now) MUST_CHECK;

/* It needs to be this large.  If it is granted, u->size is larger than before,
 * but perhaps not as large as wanted. */
enum quota_refusal book_grow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct book_weight *w,
	int64_t size, int64_t now) MUST_CHECK;

/* Count what it has become so far. */
void book_refresh(struct book *b, struct book_upload *u,
	const struct book_weight *w);

/* It has ended. */
void book_settle(struct book *b, struct book_upload *u,
	const struct book_weight *w, int64_t now);

/* Reserve, until book_release(), what is about to be created. */
enum quota_refusal book_claim(struct book *b, struct book_upload *u,
	const struct quota_limits *limits, const struct quota_count *count,
	int64_t now) MUST_CHECK;
void book_release(struct book *b, struct book_upload *u);

/* What a session may store without asking first, if there is plenty of room,
 * also below the soft limits: it is reserved, in the place of what was before.
 * What it has used of that is not reserved any more. */
struct quota_count book_allow(struct book *b, struct book_upload *u,
	const struct quota_limits *limits);
void book_allowed(struct book *b, struct book_upload *u,
	const struct quota_count *used);

/* Something was created or removed. */
void book_change(struct book *b, const struct quota_entry *m,
	int64_t now);

/* What may still be added, INT64_MAX without a limit. */
struct quota_count book_free(const struct book *b,
	const struct quota_limits *limits);

/* Note when soft limits are exceeded, or no longer.  Returns the seconds that
 * are left of the grace, -1 if none is exceeded. */
int64_t book_grace(struct book *b, const struct quota_limits *limits,
	int64_t now);

/* A scan begins; it has found this much.  After the second call the count is
 * known.  If the scan was disturbed, a count that was known before stays, and
 * is `suspect`. */
void book_scan(struct book *b);
void book_scanned(struct book *b, const struct quota_count *found);

#endif
