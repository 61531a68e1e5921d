/*
 * session_limits.h - the limits of an account, which the monitor reports to the
 * master at a login, and the master's answer.
 */
#ifndef COMMON_PROCESS_SESSION_LIMITS_H
#define COMMON_PROCESS_SESSION_LIMITS_H

#include "common/base.h"
#include "common/identity.h"

/* 0 means no limit.  Rates are bytes per second: of this session, of all
 * sessions of the account, of all sessions of the group. */
struct session_limits {
	int32_t per_user, per_group;	/* sessions */
	int64_t download, upload;
	int64_t user_download, user_upload;
	int64_t group_download, group_upload;
	char group[IDENTITY_NAME_SIZE];	/* that these are for; "" = none */
};

/* The limit that refuses a login. */
enum login_limit {
	LOGIN_LIMIT_NONE,	/* or out of memory */
	LOGIN_LIMIT_USER,	/* max_per_user */
	LOGIN_LIMIT_GROUP,	/* max_per_group */
	LOGIN_LIMIT_RATE,	/* max_login_rate */
};

#endif
