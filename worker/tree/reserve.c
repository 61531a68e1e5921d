/*
 * reserve.c - space for uploads.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

bool
reserve_fits(int fd, int64_t bytes, bool replaces)
{
	uint64_t room;
	struct statvfs fs;
	struct stat st;

	if (fstatvfs(fd, &fs) < 0 || fstat(fd, &st) < 0 || fs.f_blocks == 0)
		return true;
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (replaces)
		room += (uint64_t)st.st_blocks * 512;
	return (uint64_t)bytes <= room;
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

/* File systems on disks give back what is beyond the end when the file is cut
 * where it ends, tmpfs when a hole is made. */
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
