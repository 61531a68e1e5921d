/*
 * same.c - removes a name only if it refers to a given file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/same.h"

#include <fcntl.h>
#include <sys/stat.h>

bool
same_remove(int dir, const char *name, int fd)
{
	struct stat here, opened, after;

	if (fstat(fd, &opened) < 0 ||
		fstatat(dir, name, &here, AT_SYMLINK_NOFOLLOW) < 0 ||
		here.st_dev != opened.st_dev || here.st_ino != opened.st_ino ||
		unlinkat(dir, name, 0) < 0 || fstat(fd, &after) < 0)
		return true;
	return after.st_nlink < opened.st_nlink;
}
