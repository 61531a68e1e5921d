/*
 * upload_owner.h - changes the owner of uploads (upload_user).
 */
#ifndef COMMON_PROCESS_UPLOAD_OWNER_H
#define COMMON_PROCESS_UPLOAD_OWNER_H

#include "common/base.h"
#include "common/settings/settings.h"

/* The owner of this account's uploads. */
struct upload_owner {
	bool wanted;		/* upload_user is not empty */
	bool known;		/* and the account exists */
	uid_t uid;
	mode_t mode;
};

/* Look up upload_user, before the privileges needed by name services are
 * dropped.  True when it is set. */
bool upload_owner_find(struct upload_owner *owner,
	const struct user_settings *settings);

/*
 * Change the owner of this open file, if it is a regular file with one link,
 * owned by the session's user, as every upload is.  So a compromised session
 * can only give away such files of its own. 0 or -errno.
 */
int upload_owner_give(const struct upload_owner *owner, uid_t session, int fd)
	MUST_CHECK;

#endif
