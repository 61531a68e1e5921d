/*
 * settings_string.h - values that are kept as texts: TEXT, LINES, LIST, PATH,
 * TEMPLATE, NETWORKS, HASH, GLOBS.
 * For the rooms settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_STRING_H
#define COMMON_SETTINGS_SETTINGS_STRING_H

#include "common/base.h"
#include "common/settings/settings_table.h"

/* The values of a field of kind HASH; "" is none; the hash itself is not
 * kept (settings_hash.h). */
#define SETTINGS_HASH_STRONG "set"
#define SETTINGS_HASH_LEGACY "legacy"

/* As settings_value_parse(), for these kinds. */
int settings_string_parse(const struct settings_row *row, const char *text,
	char **field) MUST_CHECK;

/* Is it one of these kinds? */
bool settings_string_is(const struct settings_row *row);

/* Does a repeated key add to the value? */
bool settings_string_adds_up(const struct settings_row *row);

/* The next of the words in a|b|c, and its length; NULL at the end. */
const char *settings_words_next(const char **at, size_t *len);

#endif
