/*
 * settings_string.h - values that are stored as strings: TEXT, LINES, LIST,
 * PATH, TEMPLATE, NETWORKS, HASH, SECRET, GLOBS.  For settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_STRING_H
#define COMMON_SETTINGS_SETTINGS_STRING_H

#include "common/base.h"
#include "common/settings/settings_table.h"

/* The value of a field of kind HASH that is set, or "" if not; the hash itself
 * is not stored (settings_hash.h). */
#define SETTINGS_HASH_STRONG "set"
#define SETTINGS_HASH_LEGACY "legacy"

/* The same for the kind SECRET (settings_secret.h). */
#define SETTINGS_SECRET_SET "set"

/* As settings_value_parse(), for these kinds. */
int settings_string_parse(const struct settings_row *row, const char *text,
	char **field) MUST_CHECK;

/* Is it one of these kinds? */
bool settings_string_is(const struct settings_row *row);

/* Does a repeated key add to the value? */
bool settings_string_adds_up(const struct settings_row *row);

/* The next word of a list of this kind, and its length; NULL at the end. */
const char *settings_string_word(const struct settings_row *row,
	const char **at, size_t *len);

/* The next word of a|b|c, and its length; NULL at the end. */
const char *settings_words_next(const char **at, size_t *len);

#endif
