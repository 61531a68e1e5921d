/*
 * owner.c - asks the monitor to change the owner of a file.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/owner.h"

#include "common/process/change_owner.h"
#include "common/settings/settings.h"

#include <fcntl.h>

bool
owner_is_wanted(const struct tree *t)
{
	const char *user = t->settings->upload_user;

	return user != NULL && *user != '\0';
}

mode_t
owner_first_mode(const struct tree *t)
{
	return owner_is_wanted(t) ? 0600 : (mode_t)t->settings->file_mode;
}

int
owner_give(const struct tree *t, int fd)
{
	struct stat st;

	if (!owner_is_wanted(t))
		return 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != t->user.uid)
		return 0;
	return t->authority->give_upload(t->authority->context, fd);
}

/* For reading is enough for what the account owns. */
static int
open_for_change(struct tree *t, const struct target *at)
{
	struct stat st;
	int error = tree_stat_entry(t, at->dir, at->name, &st);

	if (error < 0)
		return error;
	/* Opening a device could have an effect. */
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return -OWNER_NO_FILE;
	if (S_ISREG(st.st_mode)) {
		int fd = target_open(&t->resolver, at->dir, at->name, O_WRONLY,
			0);
		if (fd >= 0 || st.st_uid != t->user.uid)
			return fd == -EACCES || fd == -EPERM ?
				-OWNER_NOT_WRITABLE : fd;
	}
	return target_open(&t->resolver, at->dir, at->name, O_RDONLY, 0);
}

int
owner_change(struct tree *t, const struct target *at, int64_t uid, int64_t gid)
{
	int fd = open_for_change(t, at);

	if (fd < 0)
		return fd;
	int error = t->authority->change_owner(t->authority->context, fd, uid,
		gid);
	close(fd);
	return error;
}
