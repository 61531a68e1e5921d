/*
 * disk_quota.c - the disk quotas of the kernel for the working directory.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/disk_quota.h"

#include <fcntl.h>

size_t
disk_quota_find(struct kernel_quota found[KERNEL_QUOTA_KINDS])
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	size_t n = kernel_quota_find(fd, geteuid(), getegid(), found);
	close(fd);
	return n;
}
