/*
 * json.h - writes JSON (RFC 8259) into a buffer, one object per line.
 *
 * UTF-8 characters are written as they are, except those that text_escape()
 * would escape: these, quotes and backslashes become \u escapes, so that a line
 * is safe to display.  Bytes that are not valid UTF-8 become \udc80 to \udcff,
 * as with Python's "surrogateescape", so that different paths always differ in
 * the output.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/base.h"
#include "common/buffer.h"

/* The maximum number of bytes that one byte of a text becomes. */
#define JSON_GROWTH 6

/* Add a string, including the quotes. */
void json_add_string(struct buffer *b, const char *text);

/* Add a member of an object, preceded by a comma unless it is the first one
 * after '{'. */
void json_add_text(struct buffer *b, const char *name, const char *value);
void json_add_number(struct buffer *b, const char *name, const char *number);

#endif
