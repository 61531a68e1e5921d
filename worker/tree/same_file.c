/*
 * same_file.c - removes a name only if it refers to a given file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/same_file.h"

#include "worker/tree/hidden_name.h"

#include <fcntl.h>
#include <sys/stat.h>

bool
same_file_is(int dir, const char *name, const struct stat *file)
{
	struct stat here;

	return fstatat(dir, name, &here, AT_SYMLINK_NOFOLLOW) == 0 &&
		here.st_dev == file->st_dev && here.st_ino == file->st_ino;
}

static enum same_file_result
remove_seen(int dir, const char *name, int fd, const struct stat *opened)
{
	struct stat after;

	if (unlinkat(dir, name, 0) < 0 || fstat(fd, &after) < 0)
		return SAME_FILE_KEPT;
	return after.st_nlink < opened->st_nlink ? SAME_FILE_REMOVED :
		SAME_FILE_OTHER;
}

/* Under a name that only this session knows, it cannot change any more. */
static enum same_file_result
remove_hidden(int dir, const char *hidden, const char *name,
	const struct stat *opened)
{
	if (same_file_is(dir, hidden, opened))
		return unlinkat(dir, hidden, 0) == 0 ? SAME_FILE_REMOVED :
			SAME_FILE_KEPT;
	if (renameat2(dir, hidden, dir, name, RENAME_NOREPLACE) == 0)
		return SAME_FILE_KEPT;
	(void)!unlinkat(dir, hidden, 0);
	return SAME_FILE_OTHER;
}

enum same_file_result
same_file_remove(int dir, const char *name, int fd)
{
	char hidden[HIDDEN_NAME_SIZE];
	struct stat opened;

	if (fstat(fd, &opened) < 0 || !same_file_is(dir, name, &opened))
		return SAME_FILE_KEPT;
	if (hidden_is_name(name) || hidden_choose_name(hidden) < 0 ||
		renameat2(dir, name, dir, hidden, RENAME_NOREPLACE) < 0)
		return remove_seen(dir, name, fd, &opened);
	return remove_hidden(dir, hidden, name, &opened);
}
