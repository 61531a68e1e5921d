/*
 * upload_owner.c - changes the owner of uploads.
 *
 * Runs in: monitor, after login.
 * Never: trusts the session, or uses a path it sent.
 */
#include "common/base.h"
#include "common/process/upload_owner.h"

#include "common/log/log.h"
#include "common/process/change_owner.h"

#include <pwd.h>
#include <sys/stat.h>

bool
upload_owner_find(struct upload_owner *owner,
	const struct user_settings *settings)
{
	const struct passwd *pw;

	*owner = (struct upload_owner){
		.wanted = *settings->upload_user != '\0',
		.mode = (mode_t)settings->upload_mode,
	};
	if (!owner->wanted)
		return false;
	pw = getpwnam(settings->upload_user);
	owner->known = pw != NULL;
	if (owner->known)
		owner->uid = pw->pw_uid;
	else
		log_error("upload_user: there is no account %s; uploads are "
			"refused", settings->upload_user);
	return true;
}

static int
check_upload(int fd, uid_t session)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) && st.st_nlink == 1 &&
		st.st_uid == session ? 0 : -EPERM;
}

int
upload_owner_give(const struct upload_owner *owner, uid_t session, int fd)
{
	int error = check_upload(fd, session);

	if (error < 0)
		return error;
	if (!owner->wanted || !owner->known)
		return -EPERM;
	return change_owner_set(fd, owner->uid, (gid_t)-1, owner->mode);
}
