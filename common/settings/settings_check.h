/*
 * settings_check.h - errors and warnings that depend on several settings
 * together.
 */
#ifndef COMMON_SETTINGS_SETTINGS_CHECK_H
#define COMMON_SETTINGS_SETTINGS_CHECK_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Calls complain() for every mistake; returns how many.  settings_load() does
 * this. */
size_t settings_check(const struct settings *settings,
	settings_complaint *complain, void *context);

/* Calls complain() for everything that is allowed but probably not intended;
 * returns how often. */
size_t settings_warn(const struct settings *settings,
	settings_complaint *complain, void *context);

#endif
