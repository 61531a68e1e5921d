/*
 * message_quota.h - the bodies of the messages about quotas.  For message.h,
 * which has the rules for all of them.
 */
#ifndef COMMON_PROCESS_MESSAGE_QUOTA_H
#define COMMON_PROCESS_MESSAGE_QUOTA_H

#include "common/base.h"
#include "common/quota.h"

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
				 * scan fails */
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
