/*
 * settings_secret.h - a setting of kind SECRET, read when it is needed.
 *
 * Processes that talk to clients inherit the settings: settings_load() stores
 * only whether there is a secret.
 */
#ifndef COMMON_SETTINGS_SETTINGS_SECRET_H
#define COMMON_SETTINGS_SETTINGS_SECRET_H

#include "common/base.h"
#include "common/settings/settings.h"

#define SETTINGS_SECRET_SIZE 256	/* with its NUL */

/* Read the secret from the settings file into out[SETTINGS_SECRET_SIZE], which
 * the caller must wipe.  0; -ENOENT when there is none; -errno when the file
 * cannot be read or trusted. */
int settings_secret_find(const struct settings *settings, const char *section,
	const char *key, char *out) MUST_CHECK;

#endif
