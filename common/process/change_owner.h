/*
 * change_owner.h - changes owner and group of a file for accounts that may do
 * that (allow_chown).
 */
#ifndef COMMON_PROCESS_CHANGE_OWNER_H
#define COMMON_PROCESS_CHANGE_OWNER_H

#include "common/base.h"
#include "common/identity.h"
#include "common/settings/settings.h"

#define CHANGE_OWNER_KEEP (-1)	/* leave this id unchanged */

/* Why a request is refused; larger than any errno. */
enum owner_refusal {
	OWNER_NOT_ALLOWED = 6000,	/* allow_chown is off */
	OWNER_NO_FILE,		/* no regular file with one link, no
				 * directory */
	OWNER_NOT_WRITABLE,	/* of another account, and not open for
				 * writing */
	OWNER_OF_SYSTEM,	/* the current owner is below min_chown_id */
	OWNER_TO_SYSTEM,	/* the new one is */
	OWNER_TO_GROUP,		/* the new group is, and the account is not a
				 * member */
	OWNER_REFUSALS_END
};

/* A short phrase without a full stop; NULL if it is no refusal. */
const char *change_owner_text(int refusal);

/* May the account change owners?  Anonymous sessions never may. */
bool change_owner_allowed(const struct user_settings *settings,
	const struct identity *identity);

/*
 * Give an open file or directory this owner and group, and clear setuid and
 * setgid.  It must be the account's own or, if it is a file, open for writing,
 * so that a compromised session gains nothing with a file that it could not
 * replace the content of anyway.  0, or negative: an errno or a refusal.
 */
int change_owner(const struct user_settings *settings,
	const struct identity *identity, int fd, int64_t uid, int64_t gid)
	MUST_CHECK;

/* Set owner, group (or -1) and mode of an open file, for those who have checked
 * that this is allowed.  0 or -errno. */
int change_owner_set(int fd, uid_t uid, gid_t gid, mode_t mode) MUST_CHECK;

#endif
