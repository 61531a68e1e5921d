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

/* What is allowed but probably not intended: calls complain() for each.
 * Returns how often. */
size_t settings_warn(const struct settings *settings,
	settings_complaint *complain, void *context);

#endif
