/*
 * settings_reuse.h - determines session_reuse for a client's network.
 */
#ifndef COMMON_SETTINGS_SETTINGS_REUSE_H
#define COMMON_SETTINGS_SETTINGS_REUSE_H

#include "common/base.h"
#include "common/settings/settings.h"

/* session_reuse for a client with this address: from the first matching line of
 * session_reuse_for, else the account's setting. */
int settings_reuse_for(const struct settings *settings,
	const struct user_settings *user, const struct address *peer);

/* The next invalid line of session_reuse_for, and its length; NULL when there
 * is none.  *at is where to start, and is advanced. */
const char *settings_reuse_mistake(const char **at, size_t *len);

#endif
