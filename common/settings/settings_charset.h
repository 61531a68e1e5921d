/*
 * settings_charset.h - checks the setting filename_charset.
 */
#ifndef COMMON_SETTINGS_SETTINGS_CHARSET_H
#define COMMON_SETTINGS_SETTINGS_CHARSET_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Calls complain() for every character set that the C library does not have,
 * which loads its modules; returns how often. */
size_t settings_charset_check(const struct settings *s,
	settings_complaint *complain, void *context);

/* The character sets that sessions with these settings may need, depending on
 * the client: a bit for each. */
uint32_t settings_charset_needed(const struct settings *s,
	const struct user_settings *user);

#endif
