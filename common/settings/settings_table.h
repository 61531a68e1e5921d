/*
 * settings_table.h - settings.def as data.  For settings_*.c, and for
 * sureftpctl, which needs a default.
 */
#ifndef COMMON_SETTINGS_SETTINGS_TABLE_H
#define COMMON_SETTINGS_SETTINGS_TABLE_H

#include "common/base.h"
#include "common/settings/settings.h"

enum settings_scope {
	SETTINGS_SERVER,
	SETTINGS_LISTENER,
	SETTINGS_TLS,
	SETTINGS_USER,
	SETTINGS_DIRECTORY,
};

enum settings_kind {
	SETTINGS_BOOL,
	SETTINGS_NUMBER,
	SETTINGS_SECONDS,
	SETTINGS_SIZE,
	SETTINGS_MODE,
	SETTINGS_TEXT,
	SETTINGS_LIST,
	SETTINGS_LINES,
	SETTINGS_PATH,
	SETTINGS_CHOICE,
	SETTINGS_ADDRESS,
	SETTINGS_PORTS,
	SETTINGS_LETTERS,
	SETTINGS_TEMPLATE,
	SETTINGS_NETWORKS,
	SETTINGS_HASH,
	SETTINGS_SECRET,
	SETTINGS_GLOBS,
};

struct settings_row {
	enum settings_scope scope;
	enum settings_kind kind;
	size_t offset;		/* of the field in its scope's struct */
	int64_t min, max;
	const char *section;
	const char *key;
	const char *default_text; /* as written in a file */
	const char *unit;
	const char *vsftpd;
	const char *description;
};

extern const struct settings_row settings_table[SETTINGS_ROWS];

/* The row `key` of `section`; with section NULL, for [user] and [group], of any
 * section if its scope is USER.  NULL when there is none. */
const struct settings_row *settings_table_find(const char *section,
	const char *key);

/* The row of another section that has this key, or NULL. */
const struct settings_row *settings_table_elsewhere(const char *section,
	const char *key);

/* The row that is closest to an option of vsftpd, or NULL. */
const struct settings_row *settings_table_of_vsftpd(const char *option);

/* The key of the section, or the section, that is most similar to a mistyped
 * key or heading; NULL when none is similar. */
const char *settings_table_nearest_key(const char *section, const char *key);
const char *settings_table_nearest_section(const char *heading);

/* Is row i the first of its section?  The rows of a section are adjacent. Also
 * true for the index after the last row. */
bool settings_table_begins_section(size_t i);

/* The address of a row's value in its scope's struct. */
void *settings_table_field(const struct settings_row *row, void *scope_struct);
const void *settings_table_value(const struct settings_row *row,
	const void *scope_struct);

#endif
