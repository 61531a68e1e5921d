/*
 * settings_value.h - parses one value.  For settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_VALUE_H
#define COMMON_SETTINGS_SETTINGS_VALUE_H

#include "common/base.h"
#include "common/settings/settings_table.h"

/*
 * Set the field from a text; on failure the field keeps its value.  Strings are
 * copied, and the previous one is freed.  0, -EINVAL for a value that the row
 * does not allow (settings_format_rule() describes what it allows), or -ENOMEM.
 */
int settings_value_parse(const struct settings_row *row, const char *text,
	void *field) MUST_CHECK;

/* Add to the value of a LIST or LINES, as a repeated key does.  Returns the
 * same. */
int settings_value_add(const struct settings_row *row, const char *text,
	char **field) MUST_CHECK;

/* Set every field of this scope to its default.  0 or -ENOMEM. */
int settings_value_defaults(enum settings_scope scope, void *scope_struct)
	MUST_CHECK;

/* Free the strings of the fields of this scope. */
void settings_value_free(enum settings_scope scope, void *scope_struct);

#endif
