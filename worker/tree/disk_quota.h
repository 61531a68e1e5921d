/*
 * disk_quota.h - the disk quotas of the kernel for the working directory.
 */
#ifndef WORKER_TREE_DISK_QUOTA_H
#define WORKER_TREE_DISK_QUOTA_H

#include "common/base.h"
#include "common/kernel_quota.h"

/* As kernel_quota_find().  That of a project is found only if the directory can
 * be read. */
size_t disk_quota_find(struct kernel_quota found[KERNEL_QUOTA_KINDS]);

#endif
