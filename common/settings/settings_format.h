/*
 * settings_format.h - one value as text, and what a row allows in words.
 * For the rooms settings_*.c only.
 */
#ifndef COMMON_SETTINGS_SETTINGS_FORMAT_H
#define COMMON_SETTINGS_SETTINGS_FORMAT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings_table.h"

/* Room for the text of any value but the long ones, which own a text. */
#define SETTINGS_FORMAT_SIZE 128

/* Append the value as it would be written in a file.  Reading it again gives
 * the same value.  The text that a field owns is appended as it is. */
void settings_format_value(const struct settings_row *row, const void *field,
	struct buffer *b);

/* Append what the row allows, to follow "must be": "1 to 65535". */
void settings_format_rule(const struct settings_row *row, struct buffer *b);

/* Write the text in lines of at most `width` bytes, broken at blanks, each
 * begun with `indent`. */
void settings_format_wrap(FILE *out, const char *indent, size_t width,
	const char *text);

#endif
