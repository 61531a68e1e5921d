/*
 * change_owner.c - changes owner and group of a file.
 *
 * Runs in: monitor, after login; the session asks whether it is allowed.
 * Never: trusts the session, or uses a path.
 */
#include "common/base.h"
#include "common/process/change_owner.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *
change_owner_text(int refusal)
{
	static const char *const texts[] = {
		[OWNER_NOT_ALLOWED - OWNER_NOT_ALLOWED] =
			"Owners cannot be changed by this account "
			"(allow_chown)",
		[OWNER_NO_FILE - OWNER_NOT_ALLOWED] =
			"Not a regular file with one link, or a directory",
		[OWNER_NOT_WRITABLE - OWNER_NOT_ALLOWED] =
			"Neither your own nor a file that you can write to",
		[OWNER_OF_SYSTEM - OWNER_NOT_ALLOWED] =
			"The current owner is a system account "
			"(min_chown_id)",
		[OWNER_TO_SYSTEM - OWNER_NOT_ALLOWED] =
			"The new owner is a system account (min_chown_id)",
		[OWNER_TO_GROUP - OWNER_NOT_ALLOWED] =
			"The new group is a system group that you are not in "
			"(min_chown_id)",
	};

	if (refusal < OWNER_NOT_ALLOWED || refusal >= OWNER_REFUSALS_END)
		return NULL;
	return texts[refusal - OWNER_NOT_ALLOWED];
}

bool
change_owner_allowed(const struct user_settings *settings,
	const struct identity *identity)
{
	return settings->allow_chown &&
		identity->class != IDENTITY_ANONYMOUS;
}

static bool
is_member(const struct identity *identity, int64_t gid)
{
	bool member = gid == (int64_t)identity->gid;

	for (size_t i = 0; i < identity->ngroups && !member; i++)
		member = gid == (int64_t)identity->groups[i];
	return member;
}

static bool
is_id(int64_t id)
{
	return id == CHANGE_OWNER_KEEP || (id >= 0 && id < UINT32_MAX);
}

/* The new ids. */
static int
check_new(const struct user_settings *settings, const struct identity *identity,
	int64_t uid, int64_t gid)
{
	if (!is_id(uid) || !is_id(gid))
		return -EINVAL;
	if (uid != CHANGE_OWNER_KEEP &&
	    (uid == 0 || uid < settings->min_chown_id))
		return -OWNER_TO_SYSTEM;
	if (gid != CHANGE_OWNER_KEEP && gid < settings->min_chown_id &&
	    !is_member(identity, gid))
		return -OWNER_TO_GROUP;
	return 0;
}

/* What is open here.  A second name of the file may be in a directory that this
 * account has nothing to do with. */
static int
check_file(const struct user_settings *settings,
	const struct identity *identity, int fd, const struct stat *st)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	if (!S_ISDIR(st->st_mode) &&
	    (!S_ISREG(st->st_mode) || st->st_nlink != 1))
		return -OWNER_NO_FILE;
	if (st->st_uid == 0 || (int64_t)st->st_uid < settings->min_chown_id)
		return -OWNER_OF_SYSTEM;
	if (st->st_uid != identity->uid &&
	    (S_ISDIR(st->st_mode) || (flags & O_PATH) != 0 ||
	     (flags & O_ACCMODE) == O_RDONLY))
		return -OWNER_NOT_WRITABLE;
	return 0;
}

int
change_owner_set(int fd, uid_t uid, gid_t gid, mode_t mode)
{
	/* The owner first: this also clears setuid and setgid, and afterwards
	 * the session cannot change the mode. */
	if (fchown(fd, uid, gid) < 0 || fchmod(fd, mode) < 0)
		return -errno;
	return 0;
}

int
change_owner(const struct user_settings *settings,
	const struct identity *identity, int fd, int64_t uid, int64_t gid)
{
	struct stat st;
	int error;

	if (!change_owner_allowed(settings, identity))
		return -OWNER_NOT_ALLOWED;
	if (fstat(fd, &st) < 0)
		return -errno;
	error = check_new(settings, identity, uid, gid);
	if (error == 0)
		error = check_file(settings, identity, fd, &st);
	if (error < 0)
		return error;
	return change_owner_set(fd, (uid_t)uid, (gid_t)gid,
		st.st_mode & 01777);
}
