/*
 * session_limits.h - what the monitor reports to the master at a login: the
 * limits of the account, from its settings; and which of them refused it.
 */
#ifndef COMMON_PROCESS_SESSION_LIMITS_H
#define COMMON_PROCESS_SESSION_LIMITS_H

#include "common/base.h"
#include "common/identity.h"

/* 0 means no limit.  Rates are bytes a second: of this session, of all sessions
 * of the account, of all of the group. */
struct session_limits {
	int32_t per_user, per_group;	/* sessions */
	int64_t download, upload;
	int64_t user_download, user_upload;
	int64_t group_download, group_upload;
	char group[IDENTITY_NAME_SIZE];	/* that these are for; "" = none */
};

/* The one that refuses a login. */
enum login_limit {
	LOGIN_LIMIT_NONE,	/* or out of memory */
	LOGIN_LIMIT_USER,	/* max_per_user */
	LOGIN_LIMIT_GROUP,	/* max_per_group */
	LOGIN_LIMIT_RATE,	/* max_login_rate */
};

#endif
