/*
 * message_quota.h - the bodies of the messages about quotas.  For message.h,
 * which has the rules for all of them.
 */
#ifndef COMMON_PROCESS_MESSAGE_QUOTA_H
#define COMMON_PROCESS_MESSAGE_QUOTA_H

#include "common/base.h"
#include "common/identity.h"
#include "common/quota.h"

/*
 * An upload begins; comes with the open file, which the bookkeeper examines now
 * and at the end.  Answered.
 */
struct message_quota_upload {
	uint64_t number;	/* repeated in the answer */
	int64_t size;		/* of the file at the end; -1: not known */
	int32_t created;	/* the file is new, and not counted yet */
	struct quota_inode replaced;	/* the file that a complete upload will
					 * replace; 0: none */
	int64_t replaced_bytes;		/* how much that file counts */
	struct quota_inode dir;	/* for a scan: the file's directory, */
	int64_t from;		/* and when it was opened (clock_ns()) */
};

/* The upload needs to grow to this size at least.  Answered. */
struct message_quota_grow {
	uint64_t number;
	int64_t size;
	int32_t replaces_not;	/* instead: it is complete, and will not replace
				 * the file whose space it may use */
};

/* The upload has ended, complete or not. */
struct message_quota_settle {
	uint64_t number;	/* answered, unless it is 0 */
};

/* Something that counts this much is about to be created.  Answered; what was
 * granted is reserved until quota_report. */
struct message_quota_claim {
	uint64_t number;
	struct quota_count count;
};

/* Something was created, changed or removed. */
struct quota_entry {
	struct quota_inode inode;
	struct quota_count by;	/* the change of the count */
	int32_t links;		/* it had several, and another session may have
				 * removed the last one at the same time */
	int32_t unsure;		/* the directory must be counted again */
	int32_t lost;		/* a file of this session's that another one has
				 * removed: what it had added to the count */
	int32_t content;	/* the content of a file changed, */
	struct quota_count now;	/* which now counts this much; 0 files: it has
				 * gone, and was not in the count */
	struct quota_inode dir;	/* for a scan: the directory, */
	int64_t from, to;	/* and the time (clock_ns()) of the change */
};

/* Something was renamed inside quota_root: the count is the same, but a scan
 * may miss it, or see it twice. */
struct message_quota_moved {
	struct quota_inode dir, to_dir;
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

/* The same for one change, in a small message. */
struct message_quota_single { struct quota_entry entry; };

/* The directory that the session has found at quota_root. */
struct message_quota_root { struct quota_inode root; };

/* How much is used?  Answered. */
struct message_quota_ask {
	uint64_t number;
	int32_t patient;	/* wait for a first count */
};

/* The session ends normally: all of its changes are reported. */
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
	struct quota_count allowance;	/* may be stored without asking */
	int64_t grace_left;	/* seconds; -1: no soft limit is exceeded */
	int32_t alone;		/* no other session has this quota_root; sent
				 * with number 0 when that has changed */
};

#define MESSAGE_QUOTA_GROUPS 64	/* more of an account's are left out */

/*
 * The bookkeeper asks the master for a scanner of this directory, which runs
 * as this account; comes with the scanner's end of a channel to the bookkeeper.
 * There is a channel for each scan, which is closed when the scanner exits.
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
	char root[IDENTITY_PATH_SIZE];
};

/* A change that was made during the scan. */
struct message_quota_changed { struct quota_change change; };

enum quota_scan_state {
	QUOTA_SCAN_RUNNING,
	QUOTA_SCAN_WALKED,	/* all directories were read: the scanner waits
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
	uint64_t entries;	/* that were examined */
	uint64_t directories;	/* that were read */
	uint64_t unreadable;	/* that could not be read or examined */
	int32_t links_full;	/* too many files with several links: some may
				 * have been counted more than once */
	int32_t inexact;	/* some changes could not be placed: to be
				 * scanned again when there are no changes */
};

/* Changes after this message are added by the bookkeeper, not by the
 * scanner. */
struct message_quota_scan_end { int32_t unused; };

#endif
