/*
 * upload_user.h - checks the setting upload_user.
 */
#ifndef COMMON_ACCOUNTS_UPLOAD_USER_H
#define COMMON_ACCOUNTS_UPLOAD_USER_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Calls complain() for every upload_user that is not an account of the host,
 * which asks the name service; returns how often. */
size_t upload_user_check(const struct settings *s,
	settings_complaint *complain, void *context);

#endif
