/*
 * empty_root.c - makes an empty root directory.
 *
 * Runs in: master; its children have the descriptor by fork.
 */
#include "common/base.h"
#include "common/process/empty_root.h"

#include "common/log/log.h"

#include <fcntl.h>
#include <sys/stat.h>

static int empty_root = -1;

/* The directory is removed while it is open: no file can be created in it,
 * whatever its mode, and nothing is left behind. */
static int
removed_directory(const char *template)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", template) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	if (mkdtemp(path) == NULL)
		return -errno;
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = fd < 0 ? -errno : 0;
	if (rmdir(path) < 0 && error == 0)
		error = -errno;
	if (error < 0 && fd >= 0)
		close(fd);
	return error < 0 ? error : fd;
}

int
empty_root_make(void)
{
	int fd = removed_directory("/run/sureftpd.XXXXXX");

	if (fd < 0)
		fd = removed_directory("/tmp/sureftpd.XXXXXX");
	if (fd < 0) {
		log_error("making an empty directory in /run or /tmp: %s",
			log_errno(fd));
		return fd;
	}
	empty_root = fd;
	return 0;
}

int
empty_root_fd(void)
{
	return empty_root;
}
