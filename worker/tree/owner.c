/*
 * owner.c - asks the monitor to change the owner of an upload.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/owner.h"

#include "common/settings/settings.h"

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
