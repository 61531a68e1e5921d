/*
 * message_quota.h - the bodies of the messages about quotas.  For message.h,
 * which has the rules for all of them.
 */
#ifndef COMMON_PROCESS_MESSAGE_QUOTA_H
#define COMMON_PROCESS_MESSAGE_QUOTA_H

#include "common/base.h"
#include "common/quota.h"

/* A file or directory; 0: none. */
struct quota_inode {
	uint64_t device, inode;
};

/*
 * An upload begins; comes with the open file, which the bookkeeper examines now
 * and at the end.  Answered.
 */
struct message_quota_upload {
	uint64_t number;	/* repeated in the answer */
	int64_t size;		/* of the file at the end; -1: not known */
	int32_t created;	/* the file is new, and not counted yet */
	struct quota_inode replaced;	/* by this file at the end, if it is */
	int64_t replaced_bytes;		/* complete, and what it counts */
	struct quota_inode dir;	/* for a scan: where the file is, */
	int64_t from;		/* and when it was opened (clock_ns()) */
};

/* The upload needs to grow to this size at least.  Answered. */
struct message_quota_grow {
	uint64_t number;
	int64_t size;
};

/* The upload has ended, in one way or another. */
struct message_quota_settle { int32_t unused; };

/* Something that counts this much is about to be created.  Answered; what was
 * granted is reserved until quota_report. */
struct message_quota_claim {
	uint64_t number;
	struct quota_count count;
};

/* Something was created, changed or removed. */
struct quota_entry {
	struct quota_inode inode;
	struct quota_count by;
	int32_t links;		/* it had several, and another session may have
				 * removed the last one at the same time */
	int32_t unsure;		/* count everything again */
	int32_t content;	/* of a file that exists changed: */
	int64_t bytes;		/* so it counts now */
	struct quota_inode dir;	/* for a scan: where, */
	int64_t from, to;	/* and when (clock_ns()) */
};

/* Something was renamed inside quota_root: nothing else changes, but a scan may
 * miss it, or see it twice. */
struct message_quota_moved {
	struct quota_inode dir, to_dir;
	struct quota_count count;	/* its own */
	int32_t tree;			/* it is a directory */
	int64_t from, to;
};

#define MESSAGE_QUOTA_ENTRIES 16

/* What the session has done since the last report.  Nothing (0): it gives back
 * its allowance, because it is idle. */
struct message_quota_report {
	uint32_t count;
	struct quota_entry entries[MESSAGE_QUOTA_ENTRIES];
};

/* How much is used?  Answered. */
struct message_quota_ask {
	uint64_t number;
	int32_t patient;	/* wait for a first count */
};

/* The session ends, and leaves nothing unfinished. */
struct message_quota_bye { int32_t unused; };

struct message_quota_answer {
	uint64_t number;
	int32_t refusal;	/* enum quota_refusal */
	int32_t unknown;	/* quota_grow for an upload that this
				 * bookkeeper does not know: begin it again */
	int64_t size;		/* the upload may grow to */
	struct quota_count used;
	struct quota_limits limits;
	struct quota_count free; /* INT64_MAX: no limit */
	struct quota_count allowance;	/* may be stored without a question */
	int64_t grace_left;	/* seconds; -1: no soft limit is exceeded */
};

#define MESSAGE_QUOTA_GROUPS 64	/* more of an account's are left out */

/*
 * The bookkeeper asks the master for a scanner of this directory, which runs
 * as this account; comes with the scanner's end of a channel to the bookkeeper.
 * There is one for each scan: its end says that the scanner has exited.
 */
struct message_quota_scan {
	uint32_t kinds;		/* QUOTA_ bits of common/quota.h */
	uint32_t uid, gid;
	uint32_t ngroups;
	uint32_t groups[MESSAGE_QUOTA_GROUPS];
	uint64_t device, inode;	/* of the directory: if it is another one, the
				 * scan fails; 0: any */
	uint64_t ledger_device, ledger_inode;	/* a file that is not counted:
						 * quota_file, or 0 */
	char root[PATH_MAX];
};

/* A change while the scan is going on. */
struct message_quota_changed { struct quota_change change; };

enum quota_scan_state {
	QUOTA_SCAN_RUNNING,
	QUOTA_SCAN_WALKED,	/* all has been looked at: the scanner waits
				 * for quota_scan_end */
	QUOTA_SCAN_DONE,
	QUOTA_SCAN_FAILED,
	QUOTA_SCAN_STATES
};

/* The scanner reports at least once a second, and at the end. */
struct message_quota_scanned {
	int32_t state;		/* enum quota_scan_state */
	int32_t error;		/* errno, if the directory cannot be counted */
	struct quota_count count;	/* so far */
	uint64_t entries;	/* that were looked at */
	uint64_t directories;	/* that were read */
	uint64_t unreadable;	/* that could not be read or examined */
	int32_t links_full;	/* too many files with several links: some may
				 * have been counted more than once */
	int32_t inexact;	/* some changes could not be placed: to be
				 * scanned again when there are no changes */
};

/* No change that follows is in the result: the bookkeeper adds those itself. */
struct message_quota_scan_end { int32_t unused; };

#endif
