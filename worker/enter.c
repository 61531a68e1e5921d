/*
 * enter.c - becomes the user, in the user's home directory.
 *
 * Runs in: session, before it is anybody's peer.
 * Never: follows a path that a user can change with root's rights (rule R10).
 */
#include "common/base.h"

#include "worker/enter.h"

#include "common/process/role.h"
#include "common/settings/settings.h"

#include <fcntl.h>

/* The home directory, opened with the account's rights.  Not read: an account
 * may lack the right to list it. */
static int
open_home(const struct identity *identity)
{
	const char *path = identity->home;
	int fd = *path == '/' ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) :
		-1;

	if (fd >= 0 || !identity->settings->allow_missing_home)
		return fd;
	return open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int
enter_place(const struct identity *identity)
{
	errno = ENOENT;
	role_use_files_as(identity);
	int home = open_home(identity);
	int error = home < 0 ? errno : 0;

	role_enter(ROLE_SESSION, identity);
	if (error != 0)
		return error;
	/* With nothing but the user's own rights: the right to enter it. */
	if (fchdir(home) < 0 && (!identity->settings->allow_missing_home ||
	    chdir("/") < 0))
		error = errno;
	close(home);
	return error;
}
