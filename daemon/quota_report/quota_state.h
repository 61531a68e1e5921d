/*
 * quota_state.h - what is known of an account's quota: what its file says, what
 * the kernel says, and a new count.
 */
#ifndef DAEMON_QUOTA_REPORT_QUOTA_STATE_H
#define DAEMON_QUOTA_REPORT_QUOTA_STATE_H

#include "common/base.h"
#include "common/kernel_quota.h"
#include "daemon/quota/book_file.h"
#include "daemon/quota_report/quota_accounts.h"

struct quota_state {
	bool known;		/* quota_file was read */
	struct book_file_state file;
	struct kernel_quota kernel[KERNEL_QUOTA_KINDS];
	size_t kernels;
};

/* Read both, without changing anything.  A file that cannot be read is one that
 * is not known. */
void quota_state_read(const struct quota_account *a, struct quota_state *s);

/* Count the directory now, in a process with the account's rights.  0 or
 * -errno; *unreadable is the number of directories and files that could not be
 * examined. */
int quota_state_scan(const struct quota_account *a, struct quota_count *count,
	uint64_t *unreadable) MUST_CHECK;

/* Write a count to quota_file, as the account of quota_user.  0 or -errno. */
int quota_state_write(const struct quota_account *a, const char *quota_user,
	const struct quota_count *count) MUST_CHECK;

#endif
