/*
 * kernel_quota.h - the disk quotas of the file system, as far as a process may
 * ask for them without privileges: those of its user and its groups, and that
 * of the project that a directory belongs to.
 *
 * The kernel is asked by quotactl_fd(2), from Linux 5.14 on, because no jail
 * has the path of a device.  A project's quota is known by statfs(2) only.
 * File systems without quotas have none; nor has NFS, whose server alone
 * knows.
 */
#ifndef COMMON_KERNEL_QUOTA_H
#define COMMON_KERNEL_QUOTA_H

#include "common/base.h"

enum kernel_quota_kind {
	KERNEL_QUOTA_USER,
	KERNEL_QUOTA_GROUP,
	KERNEL_QUOTA_PROJECT,
	KERNEL_QUOTA_KINDS
};

/* Limits are -1 where there is none. */
struct kernel_quota {
	enum kernel_quota_kind kind;
	uint32_t id;
	int64_t bytes, max_bytes, soft_bytes;
	int64_t files, max_files, soft_files;
	bool bytes_over, files_over;	/* the soft limit was exceeded for
					 * longer than allowed */
};

/*
 * The quotas that apply to new files of this account in an open directory, or
 * to an open file: those of the user, of the group that the file has or gets,
 * and of the project.  Quotas without limits, and those that the kernel counts
 * but does not enforce, are left out.  How many there are.
 */
size_t kernel_quota_find(int fd, uid_t uid, gid_t gid,
	struct kernel_quota found[KERNEL_QUOTA_KINDS]);

/* How many bytes one of them leaves; -1 if it has no such limit. */
int64_t kernel_quota_room(const struct kernel_quota *q);

/* The least that all of kernel_quota_find() leave this process; -1 if no limit
 * applies. */
int64_t kernel_quota_bytes(int fd);

#endif
