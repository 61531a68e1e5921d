/*
 * settings_value.h - one value from its text, by its row.
 * For the rooms settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_VALUE_H
#define COMMON_SETTINGS_SETTINGS_VALUE_H

#include "common/base.h"
#include "common/settings/settings_table.h"

/*
 * Set the field from text; the field keeps its value when that fails.  Texts
 * become the field's own (a former one is freed).  0, -EINVAL for what the row
 * does not allow (settings_format_rule() says what it does), or -ENOMEM.
 */
int settings_value_parse(const struct settings_row *row, const char *text,
	void *field) MUST_CHECK;

/* Add to what a LIST or LINES holds, as a repeated key does.  The same. */
int settings_value_add(const struct settings_row *row, const char *text,
	char **field) MUST_CHECK;

/* Set every field of this scope to its default.  0 or -ENOMEM. */
int settings_value_defaults(enum settings_scope scope, void *scope_struct)
	MUST_CHECK;

/* Free what the fields of this scope own. */
void settings_value_free(enum settings_scope scope, void *scope_struct);

#endif
