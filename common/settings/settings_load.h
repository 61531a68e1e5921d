/*
 * settings_load.h - from file and command line to one checked struct settings.
 */
#ifndef COMMON_SETTINGS_SETTINGS_LOAD_H
#define COMMON_SETTINGS_SETTINGS_LOAD_H

#include "common/base.h"
#include "common/settings/settings.h"

/*
 * Read the file at path (NULL: defaults only), then the -o assignments
 * ("section.key=value", "listener.NAME.key=value", "user "NAME".key=value").
 * Returns the settings, or NULL after at least one complaint; all errors are
 * reported, not just the first.  A missing file is an error unless
 * `may_be_missing`.
 */
struct settings *settings_load(const char *path, bool may_be_missing,
	char *const *assignments, size_t assignment_count,
	settings_complaint *complain, void *context);
void settings_free(struct settings *settings);

#endif
