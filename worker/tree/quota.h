/*
 * quota.h - the session's side of its quota: asks the bookkeeper before
 * something is stored, and reports what was created and removed.
 *
 * Without a quota, every function accepts NULL and only does the operation
 * itself.  Changes outside quota_root are neither asked for nor reported.
 *
 * The functions return 0, or a reason (reason.h) as -REASON_QUOTA_...
 */
#ifndef WORKER_TREE_QUOTA_H
#define WORKER_TREE_QUOTA_H

#include "common/accounts/quota_place.h"
#include "common/base.h"
#include "worker/tree/quota_mark.h"
#include "worker/tree/quota_report.h"

#include <sys/stat.h>

struct quota {
	struct quota_reports to; /* the bookkeeper, and its answers */
	unsigned kinds;		/* what counts: QUOTA_ bits */
	bool everywhere;	/* the session can reach nothing outside */
	struct stat root;	/* otherwise: quota_root */
	bool lost;		/* which was not found */
	bool claimed;		/* and not yet reported: */
	struct quota_mark mark;	/* where something is to be created */
};

/* Use this channel.  If quota_root cannot be found, all that the session stores
 * counts, because it may be made or found later. */
void quota_open(struct quota *q, int fd, const struct quota_place *place);

/* Send all reports that were collected. */
void quota_flush(struct quota *q);

/* The same, when the client is silent; not during an upload. */
void quota_idle(struct quota *q);

/* The descriptor to poll while the session waits for a command, or -1; and what
 * to call when it is readable. */
int quota_poll_fd(const struct quota *q);
void quota_receive(struct quota *q);

/* The session ends, and has nothing unfinished. */
void quota_close(struct quota *q);

/* Does what is in this open directory (or AT_FDCWD) count? */
bool quota_counts(const struct quota *q, int dir);

/* The same; *mark is then the directory and the time. */
bool quota_counts_here(const struct quota *q, int dir,
	struct quota_mark *mark);

/* --- uploads; there is one at a time */

struct quota_upload {
	int fd;			/* the file, open; O_PATH is enough */
	struct quota_mark mark;	/* where it is, and when it was opened;
				 * for quota_begin() */
	bool created;		/* by this upload */
	int64_t size;		/* at the end, -1 if not known */
	const struct stat *replaced;	/* by it at the end, or NULL */
	int replaced_fd;
};

/* Call it before the first byte is written and before an old file is truncated.
 * Sets *size to the size that the file may grow to.  If a new file is refused,
 * quota_end() has to be called after it was removed: until then, a scan may
 * count it. */
int quota_begin(struct quota *q, const struct quota_upload *u, int64_t *size)
	MUST_CHECK;

/* Request at least one byte more; updates *size. */
int quota_grow(struct quota *q, const struct quota_upload *u, int64_t *size)
	MUST_CHECK;

/* It is complete, but what it would have replaced stays.  If this is refused,
 * it must be removed. */
int quota_replaces_not(struct quota *q) MUST_CHECK;

/* The upload has ended, and has its final name or is removed.  It must still be
 * locked, so that it cannot change before the bookkeeper has examined it. */
void quota_end(struct quota *q);

/* --- other operations */

/* May this be created in the directory? */
int quota_claim(struct quota *q, int dir, struct quota_count count) MUST_CHECK;

/* After quota_claim() and the attempt to create it: with error 0 it exists
 * under this name. */
void quota_created(struct quota *q, int dir, const char *name, int error);

/* Report a change. */
void quota_changed(struct quota *q, struct quota_entry *e,
	const struct quota_mark *mark);

/* An empty file was created, which another session uses or has removed. */
void quota_made(struct quota *q, int dir);

/* Something was removed, but it is not known what: the directory is counted
 * again. */
void quota_unsure(struct quota *q);

/* How much is used?  0, and the answer in q->to.last.  `patient`: wait if
 * nothing has been counted yet. */
int quota_ask(struct quota *q, bool patient) MUST_CHECK;

#endif
