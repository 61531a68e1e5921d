/*
 * json.h - JSON (RFC 8259) into a buffer, an object a line.
 *
 * Characters of UTF-8 stay as they are, except those that text_escape() would
 * escape: they, quotes and backslashes are \u escapes, so that a line is safe
 * to show.  A byte that is no UTF-8 becomes \udc80 to \udcff, as in Python's
 * "surrogateescape", so that any path can be told from any other.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/base.h"
#include "common/buffer.h"

/* The most bytes that one byte of a text becomes. */
#define JSON_GROWTH 6

/* Add a text with its quotes. */
void json_add_string(struct buffer *b, const char *text);

/* Add a member of an object, with a comma before it unless the object, which
 * begins with '{', is empty so far. */
void json_add_text(struct buffer *b, const char *name, const char *value);
void json_add_number(struct buffer *b, const char *name, const char *number);

#endif
