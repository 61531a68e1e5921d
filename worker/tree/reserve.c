/*
 * reserve.c - reserves disk space for uploads.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/reserve.h"

#include "common/kernel_quota.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

int
reserve_fits(int fd, int64_t bytes, bool replaces)
{
	struct statvfs fs;
	struct stat st;

	if (bytes == 0)
		return 0;
	if (fstatvfs(fd, &fs) < 0 || fstat(fd, &st) < 0 || fs.f_blocks == 0)
		return 0;
	uint64_t own = replaces ? (uint64_t)st.st_blocks * 512 : 0;
	uint64_t room = (uint64_t)fs.f_bavail * fs.f_frsize + own;
	int64_t quota = kernel_quota_bytes(fd);
	if (quota >= 0 && (uint64_t)bytes > (uint64_t)quota + own)
		return -EDQUOT;
	return (uint64_t)bytes <= room ? 0 : -ENOSPC;
}

int
reserve_space(int fd, int64_t bytes)
{
	int r;

	do
		r = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes);
	while (r < 0 && errno == EINTR);
	if (r < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
		return -errno;
	return 0;
}

/* Disk file systems free blocks beyond the end of the file when it is truncated
 * to its current size; tmpfs needs a punched hole. */
void
reserve_release(int fd, int64_t bytes)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size >= bytes)
		return;
	(void)!ftruncate(fd, st.st_size);
	(void)!fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE,
		st.st_size, bytes - st.st_size);
}
