/*
 * settings_format.h - formats one value, and describes what a row allows. For
 * settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_FORMAT_H
#define COMMON_SETTINGS_SETTINGS_FORMAT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings_table.h"

/* Enough for the text of any value except those of the kinds that own a
 * string. */
#define SETTINGS_FORMAT_SIZE 256

/* Append the value as it would be written in a file, so that reading it gives
 * the same value.  A string that a field owns is appended unchanged. */
void settings_format_value(const struct settings_row *row, const void *field,
	struct buffer *b);

/* Append what the row allows, to follow "must be": "1 to 65535". */
void settings_format_rule(const struct settings_row *row, struct buffer *b);

/* Write the text in lines of at most `width` bytes, wrapped at blanks, each
 * with the prefix `indent`. */
void settings_format_wrap(FILE *out, const char *indent, size_t width,
	const char *text);

#endif
