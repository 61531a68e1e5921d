/*
 * lock.c - locks files.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/lock.h"

#include <fcntl.h>

int
lock_file(int fd, short type)
{
	struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

int
lock_test(int fd, short type)
{
	struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_GETLK, &whole) < 0)
		return -errno;
	return whole.l_type == F_UNLCK ? 0 : -EAGAIN;
}
