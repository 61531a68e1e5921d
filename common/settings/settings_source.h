/*
 * settings_source.h - where a setting of an account comes from.
 */
#ifndef COMMON_SETTINGS_SETTINGS_SOURCE_H
#define COMMON_SETTINGS_SETTINGS_SOURCE_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"

struct settings_source {
	const struct settings_override *section;	/* NULL: for all */
	int line;		/* of the file, or SETTINGS_FROM_... */
};

/* Who decides the row (SETTINGS_ROW_...) of scope USER in what
 * settings_for_user() gives for the same arguments. */
struct settings_source settings_source(const struct settings *settings,
	size_t row, const char *user, const char *const *groups,
	size_t ngroups);

/* Append "default", or "FILE:LINE" with the section, if it has a name. */
void settings_source_add(const struct settings *settings,
	const struct settings_source *source, struct buffer *b);

/* Print all rows of scope USER in sections, each with its value in *values,
 * and after it the source. */
void settings_source_print(const struct settings *settings,
	const struct user_settings *values, const char *user,
	const char *const *groups, size_t ngroups, FILE *out);

#endif
