/*
 * settings_hash.h - password_hash of [user NAME], read when it is needed.
 *
 * No process keeps the hashes of the settings file in its memory:
 * settings_load() stores only whether there is one.
 */
#ifndef COMMON_SETTINGS_SETTINGS_HASH_H
#define COMMON_SETTINGS_SETTINGS_HASH_H

#include "common/base.h"
#include "common/password_hash.h"
#include "common/settings/settings.h"

/*
 * Read the hash in the section of this user from the settings file into
 * hash[PASSWORD_HASH_SIZE], which the caller must wipe.  0; -ENOENT when there
 * is none; -errno when the file cannot be read or trusted.
 */
int settings_hash_find(const struct settings *settings, const char *user,
	char *hash) MUST_CHECK;

#endif
