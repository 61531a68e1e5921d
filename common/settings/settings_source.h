/*
 * settings_source.h - where a setting of an account comes from.
 */
#ifndef COMMON_SETTINGS_SETTINGS_SOURCE_H
#define COMMON_SETTINGS_SETTINGS_SOURCE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"

/* The account: as for settings_for_user(), and the override from its entry in
 * the accounts file, or NULL. */
struct settings_of {
	const struct settings *settings;
	const char *user;
	const char *const *groups;
	size_t ngroups;
	const struct settings_override *own;
};

struct settings_source {
	const struct settings_override *section;	/* NULL: the general
							 * section */
	int line;		/* of its file, or SETTINGS_FROM_... */
};

/* Which section sets the row (SETTINGS_ROW_...) of scope USER. */
struct settings_source settings_source(const struct settings_of *whose,
	size_t row);

/* Append "default", or "FILE:LINE", with the section if that has a name. */
void settings_source_add(const struct settings_of *whose,
	const struct settings_source *source, struct buffer *b);

/* Print all rows of scope USER in sections, each with its value in *values and
 * its source. */
void settings_source_print(const struct settings_of *whose,
	const struct user_settings *values, FILE *out);

#endif
