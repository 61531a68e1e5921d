/*
 * settings_reuse.h - what session_reuse is for a client's network.
 */
#ifndef COMMON_SETTINGS_SETTINGS_REUSE_H
#define COMMON_SETTINGS_SETTINGS_REUSE_H

#include "common/base.h"
#include "common/settings/settings.h"

/* What session_reuse is for a client at this address: the first line of
 * session_reuse_for that matches, else the account's setting. */
int settings_reuse_for(const struct settings *settings,
	const struct user_settings *user, const struct address *peer);

/* The first line of session_reuse_for that is not understood, and its length;
 * NULL when there is none.  *at is where to begin, and moves on. */
const char *settings_reuse_mistake(const char **at, size_t *len);

#endif
