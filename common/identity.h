/*
 * identity.h - who a session is, decided by the monitor and carried into the
 * session process by fork.
 */
#ifndef COMMON_IDENTITY_H
#define COMMON_IDENTITY_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

struct identity {
	char user[MESSAGE_USER_SIZE];
	uid_t uid;
	gid_t gid;
	gid_t *groups;		/* supplementary, as PAM left them; malloc'd */
	size_t ngroups;
	char home[PATH_MAX];
	char shell[PATH_MAX];
	struct user_settings settings;	/* with [user] and [group] applied */
};

#endif
